/** What is said over HTTP where the server cannot take something on now: proxies and clients that know no GraphQL wait as well. */
import type { ExecutionResult } from 'graphql'
import type { ErrorCode } from '#api/enums.ts'
import { retryAfterHeader } from './rate-limited.ts'

const code: ErrorCode = 'OVERLOADED'
/** Seconds, where nothing else is said. */
const usualRetryAfter = 1
const status = 503

/**
 * Says it in its errors, as yoga reads them: when to come again, and, where there is no data at all, the status. What has data in
 * part is 200 (GraphQL over HTTP, 6.4.2), and so is all that is asked for as application/json (`spec`).
 */
export function sayWhenOverloaded({ data, errors = [] }: ExecutionResult): void {
  for (const { extensions } of errors) {
    if (extensions['code'] !== code) continue
    const { retryAfter } = extensions
    const headers = retryAfterHeader(typeof retryAfter === 'number' ? retryAfter : usualRetryAfter)
    extensions['http'] = { spec: true, headers, ...(data == null && { status }) }
  }
}
