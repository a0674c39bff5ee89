/** The log of a webhook, page by page; looked at again while something waits to be sent. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { useApp } from '../../app/app.ts'
import { type Delivery, deliveriesQuery } from './documents.ts'

const pageSize = 20
/** At a time; what is further back is not looked at again. */
const mostLookedAt = 100
const soonMs = 1_000
const seldomMs = 15_000
/** What is tried again later than that does not have to be seen within a second. */
const soonAheadMs = 60_000

export interface Deliveries {
  /** Null until there is an answer. */
  readonly deliveries: readonly Delivery[] | null
  readonly hasMore: boolean
  readonly isAway: boolean
  reload(): Promise<void>
  more(): Promise<void>
}

export function useDeliveries(webhookId: string): Deliveries {
  const { server } = useApp()
  const [deliveries, setDeliveries] = useState<readonly Delivery[] | null>(null)
  const [hasMore, setHasMore] = useState(false)
  const [isAway, setAway] = useState(false)
  const length = useRef(0)
  length.current = deliveries?.length ?? 0

  const reload = useCallback(async () => {
    const first = Math.min(mostLookedAt, Math.max(pageSize, length.current))
    const answer = await server.query(deliveriesQuery, { webhookId, first, after: null })
    setAway(!answer.ok)
    if (!answer.ok) return
    const page = answer.data.webhookDeliveries
    setDeliveries((known) => {
      const fresh = new Set(page.deliveries.map(({ id }) => id))
      // Those behind the page, as they were; without more, there is nothing behind it.
      const behind = page.hasMore ? (known ?? []).slice(first).filter(({ id }) => !fresh.has(id)) : []
      if (behind.length === 0) setHasMore(page.hasMore)
      return [...page.deliveries, ...behind]
    })
  }, [server, webhookId])
  useEffect(() => void reload(), [reload])

  const more = useCallback(async () => {
    const after = deliveries?.at(-1)?.id ?? null
    const answer = await server.query(deliveriesQuery, { webhookId, first: pageSize, after })
    setAway(!answer.ok)
    if (!answer.ok) return
    const page = answer.data.webhookDeliveries
    setHasMore(page.hasMore)
    setDeliveries((known) => {
      const there = new Set(known?.map(({ id }) => id))
      return [...(known ?? []), ...page.deliveries.filter(({ id }) => !there.has(id))]
    })
  }, [server, webhookId, deliveries])

  useEffect(() => {
    const waiting = deliveries?.filter(({ state }) => state === 'WAITING') ?? []
    if (!isAway && waiting.length === 0) return
    const isSoon = waiting.some(
      ({ nextAttemptAt }) => nextAttemptAt === null || Date.parse(nextAttemptAt) < Date.now() + soonAheadMs,
    )
    const timer = setTimeout(() => void reload(), isSoon ? soonMs : seldomMs)
    return () => clearTimeout(timer)
  }, [deliveries, isAway, reload])

  return { deliveries, hasMore, isAway, reload, more }
}
