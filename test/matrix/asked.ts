/** A question over a road, and its answer as the client takes it. */
import type { Roads, roadNames, Sent } from '../hostile/roads.ts'

export interface Reply {
  readonly status: number | string
  readonly text: string
  readonly data: Record<string, never> | null | undefined
}

/** As the client takes it: of events and messages, what is in them. */
export async function over(
  road: (typeof roadNames)[number],
  { roads }: { readonly roads: Roads },
  sent: Sent,
): Promise<Reply> {
  const { status, closeCode, body } = await roads[road](sent)
  const inside = /^data: (.*)$/m.exec(body)?.[1] ?? body
  const parsed = inside.startsWith('{') ? JSON.parse(inside) : {}
  const { data } = (parsed.payload ?? parsed) as { data?: Reply['data'] }
  return { status: closeCode ?? status, text: inside, data }
}

/** Variables, as they are sent. */
export const given = (variables: object) => JSON.stringify(variables)
