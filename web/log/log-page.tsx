/** `/log`, for administrators: the projections, what they could not take, and events as they come. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { FailureLine } from './failure-line.tsx'

import { LiveEvents } from './live-events.tsx'
import { LogFrame, LogWays } from './log-frame.tsx'
import { ParkedRides } from './parked-rides.tsx'
import { ProjectionsTable } from './projections-table.tsx'
import { useStanding } from './use-standing.ts'

export function LogPage() {
  return (
    <LogFrame title="Log">
      <Overview />
    </LogFrame>
  )
}

function Overview() {
  const { projections, parked, failure, reload } = useStanding()
  const { type } = useSearch({ from: '/log' })
  const navigate = useNavigate({ from: '/log' })
  return (
    <article className="log-page">
      <header className="log-head">
        <h1>The log</h1>
        <LogWays />
      </header>
      {failure !== null && <FailureLine failure={failure} again={() => void reload()} />}
      <section className="log-section" aria-labelledby="projections">
        <header className="log-section-head">
          <h2 id="projections">Projections</h2>
        </header>
        <ProjectionsTable standings={projections} isToCome={failure === null} reload={reload} />
      </section>
      <section className="log-section" aria-labelledby="parked">
        <header className="log-section-head">
          <h2 id="parked">Parked rides</h2>
        </header>
        <ParkedRides rides={projections === null ? null : parked} reload={reload} />
      </section>
      <LiveEvents
        type={type}
        chooseType={(wanted) =>
          void navigate({
            search: ({ type: _, ...rest }) => (wanted === undefined ? rest : { ...rest, type: wanted }),
            replace: true,
          })
        }
      />
    </article>
  )
}
