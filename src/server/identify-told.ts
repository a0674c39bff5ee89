/** Says of each who is not let in, on whatever road, that he was refused. */
import type { Identification, Identify } from './identify.ts'

const codes = { refused: 'UNAUTHENTICATED', 'too often': 'RATE_LIMITED', unavailable: 'OVERLOADED' } as const

export function withRefusals(identify: Identify, onRefusal: (code: string) => void): Identify {
  function told(found: Identification): Identification {
    if (found.outcome !== 'known') onRefusal(codes[found.outcome])
    return found
  }
  return (credentials) => {
    const found = identify(credentials)
    return found instanceof Promise ? found.then(told) : told(found)
  }
}
