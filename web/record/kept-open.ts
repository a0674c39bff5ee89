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
        // Opened again it has no more room, nor another version.
        if (error instanceof Error && lasting.has(error.name)) throw error
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

const lasting = new Set(['QuotaExceededError', 'VersionError'])
