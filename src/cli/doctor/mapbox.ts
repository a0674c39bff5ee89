/** Mapbox' own word on a token. It tells of it to nobody but Mapbox, who has made it. */

const answerWithinMs = 5_000

/** Such as TokenValid; undefined where it was not reached. */
export async function askMapbox(token: string): Promise<string | undefined> {
  try {
    const address = `https://api.mapbox.com/tokens/v2?access_token=${encodeURIComponent(token)}`
    const response = await fetch(address, { signal: AbortSignal.timeout(answerWithinMs) })
    const answer: unknown = await response.json()
    return typeof answer === 'object' && answer !== null && 'code' in answer ? String(answer.code) : undefined
  } catch {
    return undefined
  }
}
