/**
 * What the page knows of its connection to the server, as one value that the banner shows.
 *
 * ```
 * idle ──► connecting ──► connected ──► reconnecting ──► connected ──► idle …
 *   └───────────┴───────────────────────────┴──► offline (the same, where the browser says there is no network)
 * ```
 *
 * The socket opens with the first subscription and closes some time after the last one: a page that has none is idle,
 * and nothing is wrong with it. Where it broke, or something was not answered, it is tried until the server is back.
 */
import { type Cell, createCell } from '../state/cell.ts'

export type ConnectionStatus = 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'offline'

export interface Connection {
  readonly status: Cell<ConnectionStatus>
  /** Something wants to be told what happens: the socket is being opened. */
  wanted(): void
  opened(): void
  /** It broke, or could not be opened. */
  closed(): void
  /** It was closed because nothing wants it any more. */
  ended(): void
  /** The browser's own word. Only believed while there is no connection: a server on this machine needs no network. */
  networkIs(online: boolean): void
}

export function createConnection(online: boolean): Connection {
  let isWanted = false
  let isOpen = false
  let wasOpen = false
  let isOnline = online
  const status = createCell<ConnectionStatus>(judge())

  function judge(): ConnectionStatus {
    if (isOpen) return 'connected'
    if (!isOnline) return 'offline'
    if (wasOpen) return 'reconnecting'
    return isWanted ? 'connecting' : 'idle'
  }

  return {
    status,
    wanted() {
      isWanted = true
      status.set(judge())
    },
    opened() {
      isOpen = true
      wasOpen = true
      status.set(judge())
    },
    closed() {
      isOpen = false
      // A first attempt that failed is no longer "connecting": something is wrong, and the banner says so.
      wasOpen = true
      status.set(judge())
    },
    ended() {
      isWanted = false
      isOpen = false
      wasOpen = false
      status.set(judge())
    },
    networkIs(online) {
      isOnline = online
      status.set(judge())
    },
  }
}
