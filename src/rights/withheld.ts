/**
 * What an administrator is shown of an event of somebody else's ride: that it happened, and nothing that its rider wrote or measured.
 * What is let through is named here; whatever else there is, also in events that are still to be thought of, is withheld.
 */

export const withheld = 'withheld'

/** Of an event, and of what an edit changes. None of them says where, or who. */
const letThrough: ReadonlySet<string> = new Set(['at', 'status', 'visibility'])

/** @param data of an event, as the log has it. */
export function withoutContent(data: unknown): unknown {
  if (!isObject(data)) return data === null ? null : withheld
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => {
      if (letThrough.has(name) && !isObject(value)) return [name, value]
      if (name === 'changes' && isObject(value)) return [name, withoutContent(value)]
      if (name === 'positions') return [name, { count: countOf(value), content: withheld }]
      return [name, withheld]
    }),
  )
}

/** Who asked is a rider; the command's id is the ride's own where it was started. A trace is the operator's. */
export function withoutPersons(metadata: object | null): unknown {
  if (metadata === null) return null
  return Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => {
      const isShown = name === 'traceparent' || (name === 'actor' && value === 'system')
      return [name, isShown ? value : withheld]
    }),
  )
}

function countOf(positions: unknown): number {
  const times = isObject(positions) ? positions['at'] : undefined
  return Array.isArray(times) ? times.length : 0
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
