/** What the doctor says of one thing: what is the case and, where that is not right, what to do. */

export type Level = 'good' | 'doubtful' | 'wrong'

export interface Finding {
  /** What it is about: those of the same stand together. */
  readonly about: string
  readonly level: Level
  /** One sentence. */
  readonly says: string
  /** One sentence, of what is not good. */
  readonly todo?: string
}

/** Findings about one thing. */
export function findingsAbout(about: string) {
  return {
    good: (says: string): Finding => ({ about, level: 'good', says }),
    doubtful: (says: string, todo: string): Finding => ({ about, level: 'doubtful', says, todo }),
    wrong: (says: string, todo: string): Finding => ({ about, level: 'wrong', says, todo }),
  }
}
