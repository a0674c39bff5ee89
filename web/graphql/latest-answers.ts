/** Answers may overtake each other: only that counts which answers what was asked last, if somebody still wants it. */
export interface LatestAnswers<Reply> {
  /** From now on only answers about this count. */
  want(key: string): void
  /** Undefined where the answer does not count; about what nobody wants nothing is asked. */
  ask(key: string, question: () => Promise<Reply>): Promise<Reply | undefined>
}

export function latestAnswers<Reply>(): LatestAnswers<Reply> {
  let wanted: string | undefined
  let asked = 0
  return {
    want(key) {
      wanted = key
    },
    async ask(key, question) {
      if (key !== wanted) return undefined
      asked += 1
      const mine = asked
      const reply = await question()
      return key === wanted && mine === asked ? reply : undefined
    },
  }
}
