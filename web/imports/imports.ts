/** The files that are imported, a few at a time; they go on while one looks at other pages. */
import { type Cell, createCell } from '../state/cell.ts'
import { type ImportAnswer, mostBytes, noAnswer, tooLarge } from './import-answer.ts'

export type ImportState =
  | { readonly status: 'waiting' }
  /** `share`: 0 to 1 of the file has gone. At 1 the server reads it. */
  | { readonly status: 'sending'; readonly share: number }
  | {
      readonly status: 'imported' | 'there already'
      readonly rideId: string
      readonly version: number
      readonly leftOut: number | null
    }
  | { readonly status: 'refused'; readonly message: string }
  /** It may be sent again. */
  | { readonly status: 'failed'; readonly message: string }

export interface FileImport {
  readonly id: number
  readonly name: string
  readonly state: ImportState
}

export interface Imports {
  /** In the order in which they were chosen. */
  readonly files: Cell<readonly FileImport[]>
  add(files: Iterable<File>): void
  retry(id: number): void
  retryFailed(): void
  /** Takes those from the list that are done. */
  clear(): void
}

export interface ImportsMeans {
  send(file: File, progressed: (bytes: number) => void): Promise<ImportAnswer>
  pause(milliseconds: number): Promise<void>
}

/** The server reads so many at the same time without keeping others waiting. */
const atATime = 2
/** Where the server does not say how long. */
const againMs = 3_000

export function createImports({ send, pause }: ImportsMeans): Imports {
  const files = createCell<readonly FileImport[]>([])
  const contents = new Map<number, File>()
  let running = 0
  let lastId = 0

  function set(id: number, state: ImportState): void {
    files.set(files.get().map((file) => (file.id === id ? { ...file, state } : file)))
  }

  function go(): void {
    while (running < atATime) {
      const next = files.get().find(({ state }) => state.status === 'waiting')
      const content = next && contents.get(next.id)
      if (next === undefined || content === undefined) return
      running += 1
      set(next.id, { status: 'sending', share: 0 })
      void run(next.id, content).finally(() => {
        running -= 1
        go()
      })
    }
  }

  async function run(id: number, file: File): Promise<void> {
    const first = await attempt(id, file)
    if (first.kind !== 'again') return settle(id, first)
    await pause(first.retryAfterMs ?? againMs)
    settle(id, await attempt(id, file))
  }

  async function attempt(id: number, file: File): Promise<ImportAnswer> {
    set(id, { status: 'sending', share: 0 })
    const progressed = (bytes: number) =>
      set(id, { status: 'sending', share: file.size === 0 ? 1 : Math.min(1, bytes / file.size) })
    try {
      return await send(file, progressed)
    } catch {
      // It was moved or deleted since it was chosen.
      return { kind: 'again', message: noAnswer, retryAfterMs: null }
    }
  }

  function settle(id: number, answer: ImportAnswer): void {
    if (answer.kind === 'imported') {
      const { rideId, version, leftOut, wasThere } = answer
      set(id, { status: wasThere ? 'there already' : 'imported', rideId, version, leftOut })
      contents.delete(id)
    } else if (answer.kind === 'signed out') {
      set(id, { status: 'failed', message: 'You are not signed in any more. Sign in, then try again.' })
    } else if (answer.kind === 'refused') {
      set(id, { status: 'refused', message: answer.message })
      contents.delete(id)
    } else set(id, { status: 'failed', message: answer.message })
  }

  function retry(isMeant: (file: FileImport) => boolean): void {
    const again = { status: 'waiting' } as const
    files.set(
      files
        .get()
        .map((file) => (file.state.status === 'failed' && isMeant(file) ? { ...file, state: again } : file)),
    )
    go()
  }

  return {
    files,
    add(chosen) {
      const added = [...chosen].map((file): FileImport => {
        lastId += 1
        const isTooLarge = file.size > mostBytes
        if (!isTooLarge) contents.set(lastId, file)
        const state: ImportState = isTooLarge
          ? { status: 'refused', message: tooLarge }
          : { status: 'waiting' }
        return { id: lastId, name: file.name, state }
      })
      files.set([...files.get(), ...added])
      go()
    },
    retry: (id) => retry((file) => file.id === id),
    retryFailed: () => retry(() => true),
    clear() {
      files.set(files.get().filter(({ state }) => state.status === 'waiting' || state.status === 'sending'))
    },
  }
}
