/** What the server answers to a file, told apart by what is done about it. */

export type ImportAnswer =
  | {
      readonly kind: 'imported'
      readonly rideId: string
      readonly version: number
      /** The same file was imported before. */
      readonly wasThere: boolean
      /** Samples that could not come along; null where it is not told. */
      readonly leftOut: number | null
    }
  /** Nothing was imported: there is this ride of the rider's at the time of the file. */
  | { readonly kind: 'at same time'; readonly rideId: string }
  /** The same file would be refused again. */
  | { readonly kind: 'refused'; readonly message: string }
  /** Worth sending again. */
  | { readonly kind: 'again'; readonly message: string; readonly retryAfterMs: number | null }
  | { readonly kind: 'signed out' }

/** 25 MiB, as the server has it: what is larger is not worth sending. */
export const mostBytes = 25 * 1024 * 1024

export const tooLarge = 'It is over 25 MB. Compress it with gzip, or export the activity as FIT.'
export const noAnswer = 'The server cannot be reached.'

/** @param status of HTTP; 0: nobody answered. */
export function importAnswer(status: number, text: string): ImportAnswer {
  if (status === 0) return { kind: 'again', message: noAnswer, retryAfterMs: null }
  const body = objectIn(text)
  const { rideId, version, alreadyImported, leftOut, code, message, retryAfter } = body
  if ((status === 200 || status === 201) && typeof rideId === 'string' && typeof version === 'number') {
    const left = typeof leftOut === 'number' ? leftOut : null
    return { kind: 'imported', rideId, version, wasThere: alreadyImported === true, leftOut: left }
  }
  if (status === 401) return { kind: 'signed out' }
  if (code === 'RIDE_AT_SAME_TIME' && typeof rideId === 'string') return { kind: 'at same time', rideId }
  const said = typeof message === 'string' ? message : 'The server could not take it.'
  const isFinal = status >= 400 && status < 500 && status !== 408 && status !== 429
  if (isFinal) return { kind: 'refused', message: said }
  return {
    kind: 'again',
    message: said,
    retryAfterMs: typeof retryAfter === 'number' ? retryAfter * 1_000 : null,
  }
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    // A proxy's page.
    return {}
  }
}
