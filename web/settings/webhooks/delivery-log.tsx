/** What was sent to a webhook in the last 30 days, and what has become of it. */
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useApp } from '../../app/app.ts'
import { away, type Complaint, complaintAbout } from '../../forms/complaint.ts'
import { ComplaintLine } from '../../forms/complaint-line.tsx'
import { EntriesToCome } from '../../forms/entries.tsx'
import { type Delivery, redeliverWebhookMutation } from './documents.ts'
import { useDeliveries } from './use-deliveries.ts'
import { momentOf, states, storyOf, typeOf } from './webhook-words.ts'

export function DeliveryLog({
  webhookId,
  name,
  asked,
}: {
  webhookId: string
  name: string
  /** Grows when something was asked to be sent. */
  asked: number
}) {
  const { deliveries, hasMore, isAway, reload, more } = useDeliveries(webhookId)
  useEffect(() => {
    if (asked > 0) void reload()
  }, [asked, reload])

  return (
    <section className="delivery-log" aria-label={`Log of ${name}`}>
      {isAway && <ComplaintLine complaint={away} />}
      {deliveries === null && !isAway && <EntriesToCome />}
      {deliveries?.length === 0 && (
        <p className="note">Nothing was sent in the last 30 days. Send a test to see whether it works.</p>
      )}
      {deliveries !== null && deliveries.length > 0 && (
        <ol className="deliveries" aria-label={`Sent to ${name}`}>
          {deliveries.map((delivery) => (
            <DeliveryRow key={delivery.id} delivery={delivery} redelivered={reload} />
          ))}
        </ol>
      )}
      {hasMore && (
        <button type="button" className="button button-small" onClick={() => void more()}>
          Show more
        </button>
      )}
    </section>
  )
}

function DeliveryRow({ delivery, redelivered }: { delivery: Delivery; redelivered: () => Promise<void> }) {
  const { server, announcements } = useApp()
  const [complaint, setComplaint] = useState<Complaint>()
  const { id: deliveryId, state, rideId, type, happenedAt } = delivery
  const what = `${typeOf(delivery)}, ${momentOf(happenedAt)}`

  async function redeliver(): Promise<void> {
    const answer = await server.mutate(redeliverWebhookMutation, { input: { deliveryId } })
    const result = answer.ok ? answer.data.redeliverWebhook : null
    if (result?.__typename !== 'RedeliverWebhookPayload') return setComplaint(complaintAbout(result))
    setComplaint(undefined)
    announcements.say('It is sent again.')
    await redelivered()
  }

  return (
    <li className="delivery">
      <div className="delivery-about">
        <p className="delivery-head">
          <span className="delivery-state" data-state={state}>
            {states[state]}
          </span>
          {rideId !== null && type !== 'ride.deleted' ? (
            <Link to="/rides/$rideId" params={{ rideId }} className="text-link">
              {typeOf(delivery)}
            </Link>
          ) : (
            typeOf(delivery)
          )}
          <time dateTime={happenedAt}>{momentOf(happenedAt)}</time>
        </p>
        <p className="entry-more">{storyOf(delivery, new Date())}</p>
      </div>
      {state !== 'WAITING' && (
        <button
          type="button"
          className="button button-small delivery-again"
          aria-label={`Send again: ${what}`}
          onClick={() => void redeliver()}
        >
          Send again
        </button>
      )}
      <ComplaintLine complaint={complaint} />
    </li>
  )
}
