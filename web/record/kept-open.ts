/**
 * A database of this browser that stays open: phones close it in the background without a word, and a browser does when another
 * page wants it. Whoever uses it next has it opened again.
 */
export interface KeptOpen<Database> {
  /** What is done twice does no harm: whether the first time came through is not known. */
  use<Result>(work: (database: Database) => Promise<Result>): Promise<Result>
  close(): void
}

/** @param open its argument is called when what it opened is closed by the browser. */
export async function keptOpen<Database extends { close(): void }>(
  open: (closed: () => void) => Promise<Database>,
): Promise<KeptOpen<Database>> {
  let opened: Promise<Database> | null = null

  function current(): Promise<Database> {
    if (opened !== null) return opened
    const forget = () => {
      if (opened === opening) opened = null
    }
    const opening = open(forget)
    opened = opening
    opening.catch(forget)
    return opening
  }

  await current()
  return {
    async use(work) {
      const used = current()
      try {
        return await work(await used)
      } catch (error) {
        const isClosed = opened !== used || (error instanceof Error && ofClosed.has(error.name))
        if (!isClosed) throw error
        if (opened === used) opened = null
        void used.then(
          (database) => database.close(),
          () => undefined,
        )
        return work(await current())
      }
    },
    close() {
      void opened?.then((database) => database.close())
    },
  }
}

/**
 * What is thrown where the browser has closed the database without a word: by a transaction that was to begin, by one that was under
 * way, and where its storage is away for the moment. Any other fault would come again.
 */
const ofClosed = new Set(['InvalidStateError', 'AbortError', 'UnknownError'])
