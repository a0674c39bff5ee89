/** Where the command sends a ride to that is told no address. */
const usualOrigin = 'http://127.0.0.1:4000'

/** @param origin of this page, which is the server's. */
export function replayCommand(origin: string): string {
  const command = 'npm run ride -- FILE --speed 60'
  return origin === usualOrigin ? command : `${command} --url ${origin}`
}
