/**
 * Says whether what is shown is true now. The light is there as long as the page wants to be told what happens; the
 * banner only when something is wrong, over the map, so that nothing is pushed aside.
 */
import type { ConnectionStatus } from '../graphql/connection.ts'
import { useCell } from '../state/use-cell.ts'
import { useApp } from './app.ts'

const lights: Record<Exclude<ConnectionStatus, 'idle'>, string> = {
  connecting: 'Connecting',
  connected: 'Connected',
  reconnecting: 'Reconnecting',
  offline: 'Offline',
}

export function ConnectionLight() {
  const status = useCell(useApp().server.socket.connection.status)
  if (status === 'idle') return null
  return (
    <span className="light" data-connection={status}>
      <span className="light-dot" aria-hidden="true" />
      {lights[status]}
    </span>
  )
}

export function ConnectionBanner() {
  const { socket } = useApp().server
  const status = useCell(socket.connection.status)
  const isWrong = status === 'reconnecting' || status === 'offline'
  return (
    <div className="banner-place" role="status">
      {isWrong && (
        <div className="banner" data-connection={status}>
          <p>
            <strong>{status === 'offline' ? 'You are offline.' : 'Connection lost.'}</strong>{' '}
            {status === 'offline'
              ? 'It continues when the network is back.'
              : 'Trying again; nothing will be missed.'}
          </p>
          <button type="button" className="button" onClick={socket.retryNow}>
            Retry now
          </button>
        </div>
      )}
    </div>
  )
}
