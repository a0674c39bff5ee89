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
  /** Of this ride. The rider says whether the file is imported all the same. */
  | { readonly status: 'at same time'; readonly rideId: string }
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
  /** @param isSure they are imported although there are other rides at their times. */
  add(files: Iterable<File>, isSure?: boolean): void
  /** Although there is another ride at its time. */
  importAllTheSame(id: number): void
  retry(id: number): void
  retryFailed(): void
  /** Takes those from the list that are done. */
  clear(): void
}

export interface ImportsMeans {
  send(file: File, isSure: boolean, progressed: (bytes: number) => void): Promise<ImportAnswer>
  pause(milliseconds: number): Promise<void>
}

/** The server reads so many at the same time without keeping others waiting. */
const atATime = 2
/** Where the server does not say how long. */
const againMs = 3_000

export function createImports({ send, pause }: ImportsMeans): Imports {
  const files = createCell<readonly FileImport[]>([])
  const contents = new Map<number, File>()
  const sure = new Set<number>()
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
      return await send(file, sure.has(id), progressed)
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
    } else if (answer.kind === 'at same time') {
      set(id, { status: 'at same time', rideId: answer.rideId })
    } else if (answer.kind === 'signed out') {
      set(id, { status: 'failed', message: 'You are not signed in any more. Sign in, then try again.' })
    } else if (answer.kind === 'refused') {
      set(id, { status: 'refused', message: answer.message })
      contents.delete(id)
    } else set(id, { status: 'failed', message: answer.message })
  }

  function sendAgain(status: ImportState['status'], isMeant: (file: FileImport) => boolean): void {
    const again = { status: 'waiting' } as const
    files.set(
      files
        .get()
        .map((file) => (file.state.status === status && isMeant(file) ? { ...file, state: again } : file)),
    )
    go()
  }

  return {
    files,
    add(chosen, isSure = false) {
      const added = [...chosen].map((file): FileImport => {
        lastId += 1
        const isTooLarge = file.size > mostBytes
        if (!isTooLarge) contents.set(lastId, file)
        if (isSure) sure.add(lastId)
        const state: ImportState = isTooLarge
          ? { status: 'refused', message: tooLarge }
          : { status: 'waiting' }
        return { id: lastId, name: file.name, state }
      })
      files.set([...files.get(), ...added])
      go()
    },
    importAllTheSame(id) {
      sure.add(id)
      sendAgain('at same time', (file) => file.id === id)
    },
    retry: (id) => sendAgain('failed', (file) => file.id === id),
    retryFailed: () => sendAgain('failed', () => true),
    clear() {
      const left = files.get().filter(({ state }) => state.status === 'waiting' || state.status === 'sending')
      const isLeft = new Set(left.map(({ id }) => id))
      for (const id of contents.keys()) if (!isLeft.has(id)) contents.delete(id)
      files.set(left)
    },
  }
}
