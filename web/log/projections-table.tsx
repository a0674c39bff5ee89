/** How far each projection is, and what can be done about its tables. */
import type { ReactNode } from 'react'
import { useApp } from '../app/app.ts'
import { AskFirst } from '../forms/ask-first.tsx'
import { type Complaint, complaintAbout } from '../forms/complaint.ts'
import { cancelRebuildMutation, type Projection, rebuildMutation } from './documents.ts'
import { countOf, fullTimeOf, percentOf, spanOf, wholeNumber } from './log-words.ts'
import type { ProjectionStanding } from './standings.ts'

const states: Record<Projection['state'], readonly [word: string, meaning: string]> = {
  SERVING: ['Serving', 'In use: queries are answered from its tables'],
  BUILDING: ['Building', 'Being built beside the version in use'],
  RETIRED: ['Retired', 'Replaced by a newer version; its tables are dropped ten minutes later'],
}

export function ProjectionsTable({
  standings,
  isToCome,
  reload,
}: {
  /** Null: not known yet. */
  standings: readonly ProjectionStanding[] | null
  /** They are still asked for. */
  isToCome: boolean

  reload: () => Promise<void>
}) {
  const building = new Set(
    standings
      ?.filter(({ projection }) => projection.state === 'BUILDING')
      .map((each) => each.projection.name),
  )
  return (
    <table className="log-table projections-table" aria-busy={standings === null && isToCome}>
      <thead>
        <tr>
          <th scope="col">Projection</th>
          <th scope="col">State</th>
          <th scope="col" className="is-number">
            Position
          </th>
          <th scope="col" className="is-number">
            Behind
          </th>
          <th scope="col" className="is-number">
            Events a second
          </th>
          <th scope="col" className="is-number">
            Parked rides
          </th>
          <th scope="col">
            <span className="visually-hidden">What can be done</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {standings === null
          ? ['rides', 'routes'].map((name) => (
              <tr key={name} className={isToCome ? 'is-to-come' : undefined}>
                <td colSpan={7}>&nbsp;</td>
              </tr>
            ))
          : standings.map((standing) => (
              <Row
                key={`${standing.projection.name} ${standing.projection.version}`}
                standing={standing}
                isBeingRebuilt={building.has(standing.projection.name)}
                reload={reload}
              />
            ))}
      </tbody>
    </table>
  )
}

function Row({
  standing,
  isBeingRebuilt,
  reload,
}: {
  standing: ProjectionStanding
  isBeingRebuilt: boolean
  reload: () => Promise<void>
}) {
  const { projection, position, head, behind, behindMs, rate } = standing
  const { name, version, state, since, parkedRides } = projection
  const [word, meaning] = states[state]
  return (
    <>
      <tr data-projection={`${name} ${version}`} data-state={state}>
        <th scope="row">
          {name} <span className="log-soft">version {version}</span>
        </th>
        <td data-label="State" title={`${meaning}, since ${fullTimeOf(since)}`}>
          <span className="log-state">{word}</span>
        </td>
        <td data-label="Position" className="is-number">
          {wholeNumber(position)} <span className="log-soft">/ {wholeNumber(head)}</span>
        </td>
        <td data-label="Behind" className="is-number">
          {behind === 0 ? '0' : `${wholeNumber(behind)}${behindMs === null ? '' : ` · ${spanOf(behindMs)}`}`}
        </td>
        <td data-label="Events a second" className="is-number">
          {rate === null ? '–' : wholeNumber(rate)}
        </td>
        <td data-label="Parked rides" className="is-number" data-is-wrong={parkedRides > 0}>
          {wholeNumber(parkedRides)}
        </td>
        <td className="log-actions">
          {state === 'SERVING' && !isBeingRebuilt && <Rebuild name={name} head={head} reload={reload} />}
        </td>
      </tr>
      {state === 'BUILDING' && <Building standing={standing} reload={reload} />}
      {projection.partitions.length > 1 && <Partitions projection={projection} />}
    </>
  )
}

function Rebuild({ name, head, reload }: { name: string; head: number; reload: () => Promise<void> }) {
  const { server, announcements } = useApp()
  async function rebuild(): Promise<Complaint> {
    const answer = await server.mutate(rebuildMutation, { input: { name } })
    const result = answer.ok ? answer.data.rebuildProjection : null
    if (result?.__typename !== 'RebuildProjectionPayload') return complaintAbout(result)
    announcements.say(`Version ${result.version} of ${name} is being built.`)
    await reload()
    return undefined
  }
  return (
    <AskFirst
      action="Rebuild"
      object={name}
      keep="Leave it"
      about={`Builds its tables again from ${countOf(head, 'event')}. The present ones stay in use until the new ones have caught up; nobody has to wait.`}
      act={rebuild}
    />
  )
}

function Building({ standing, reload }: { standing: ProjectionStanding; reload: () => Promise<void> }) {
  const { server, announcements } = useApp()
  const { projection, share, secondsLeft, behind } = standing
  const { name, version, parkedRides } = projection
  async function cancel(): Promise<Complaint> {
    const answer = await server.mutate(cancelRebuildMutation, { input: { name } })
    const result = answer.ok ? answer.data.cancelRebuild : null
    if (result?.__typename !== 'CancelRebuildPayload') return complaintAbout(result)
    const words = result.version === null ? 'had been built already' : 'is no longer being built'
    announcements.say(`Version ${result.version ?? version} of ${name} ${words}.`)
    await reload()
    return undefined
  }
  return (
    <tr className="log-progress">
      <td colSpan={7}>
        <div className="log-progress-line">
          <progress max={1} value={share} aria-label={`Version ${version} of ${name} is being built`} />
          <span>
            {percentOf(share)} · {leftOf({ behind, secondsLeft, parkedRides })}
          </span>
          <AskFirst
            action="Cancel"
            object={`the rebuild of ${name}`}
            confirm="Drop it"
            keep="Keep building"
            about="What was built so far is dropped. The tables in use stay."
            act={cancel}
          />
        </div>
      </td>
    </tr>
  )
}

function leftOf(
  standing: Pick<ProjectionStanding, 'behind' | 'secondsLeft'> & { parkedRides: number },
): string {
  const { behind, secondsLeft, parkedRides } = standing
  if (behind > 0) {
    const left = `${countOf(behind, 'event')} to go`
    return secondsLeft === null ? left : `${left}, about ${spanOf(Math.max(1, secondsLeft) * 1_000)}`
  }
  if (parkedRides > 0) return `waits for ${countOf(parkedRides, 'parked ride')}: retry or skip them below`
  return 'it replaces the version in use in a moment'
}

function Partitions({ projection: { name, version, partitions } }: { projection: Projection }): ReactNode {
  return (
    <tr className="log-partitions">
      <td colSpan={7}>
        <details>
          <summary>
            {countOf(partitions.length, 'partition')} <span className="visually-hidden">of {name}</span>
          </summary>
          <ul aria-label={`Partitions of ${name} version ${version}`}>
            {partitions.map(({ partition, position, head, behind }) => (
              <li key={partition}>
                <span className="log-soft">{partition}</span> {wholeNumber(position)}
                <span className="log-soft"> / {wholeNumber(head)}</span>
                {behind > 0 && ` · ${wholeNumber(behind)} behind`}
              </li>
            ))}
          </ul>
        </details>
      </td>
    </tr>
  )
}
