/** Where the commands send rides to that are told no address. */
const usualOrigin = 'http://127.0.0.1:4000'

/** @param origin of this page, which is the server's. */
export function replayCommand(origin: string): string {
  return sentTo(origin, 'npm run ride -- FILE --speed 60')
}

export function simulateCommand(origin: string): string {
  return sentTo(origin, 'npm run simulate --')
}

function sentTo(origin: string, command: string): string {
  return origin === usualOrigin ? command.replace(/ --$/, '') : `${command} --url ${origin}`
}
