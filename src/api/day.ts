/** Days as they are asked for. */
import { asGraphQLError } from './errors.ts'

/** Throws what is wrong with it, in a sentence. @param name of the argument. */
export function dayOf(text: string | null | undefined, name: string): string | undefined {
  if (text == null) return undefined
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (!Number.isNaN(at) && new Date(at).toISOString().startsWith(text) && !text.startsWith('0000'))
    return text
  throw asGraphQLError('INVALID_INPUT', `'${name}' is a day, such as 2026-05-31. Send it as YYYY-MM-DD.`)
}
