/** What every command shares with its process: where it speaks, what Ctrl-C means, a reader who has gone. */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { whenAskedToStop } from '#asked-to-stop.ts'

export function say(text: string, exitCode = 0): number {
  process.stdout.write(`${text}\n`)
  return exitCode
}

export function complain(text: string, exitCode: number): number {
  process.stderr.write(`${text}\n`)
  return exitCode
}

/** The first Ctrl-C aborts the signal, so that what is under way comes to its end; the second leaves at once. */
export function stoppedByCtrlC(onStop: () => void): AbortSignal {
  const controller = new AbortController()
  whenAskedToStop(['SIGINT'], {
    stop() {
      controller.abort()
      onStop()
    },
    leave: () => process.exit(130),
  })
  return controller.signal
}

/** A command's arguments as `parseArgs` reads them, or the sentence that says what is wrong with them. */
export function readArguments<const Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> | string {
  try {
    return parseArgs(config)
  } catch (error) {
    // It throws a TypeError for every mistake.
    if (error instanceof TypeError) return mistakeOf(error)
    throw error
  }
}

/** What `parseArgs` found wrong: its first sentence, for the second is about the shell. */
export function mistakeOf(error: TypeError): string {
  return error.message.replace(/\. .*$/s, '.')
}

/** Runs a command; what it answers is the exit code. */
export async function run(main: () => Promise<number>): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', unlessNobodyReads)
  process.exitCode = await main()
}

/** Whoever read the output has enough of it (`| head`); what was begun is done all the same. */
function unlessNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
