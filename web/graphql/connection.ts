/**
 * What the page knows of its connection to the server, as one value that the banner shows.
 *
 * ```
 * connecting ──► connected ──► reconnecting ──► connected …
 *      └───────────────────────────┴──► offline (the same, where the browser says there is no network)
 * ```
 */
import { type Cell, createCell } from '../state/cell.ts'

export type ConnectionStatus = 'connecting' | 'connected' | 'reconnecting' | 'offline'

export interface Connection {
  readonly status: Cell<ConnectionStatus>
  opened(): void
  closed(): void
  /** The browser's own word. Only believed while there is no connection: a server on this machine needs no network. */
  networkIs(online: boolean): void
}

export function createConnection(online: boolean): Connection {
  let isOpen = false
  let wasOpen = false
  let isOnline = online
  const status = createCell<ConnectionStatus>(judge())

  function judge(): ConnectionStatus {
    if (isOpen) return 'connected'
    if (!isOnline) return 'offline'
    return wasOpen ? 'reconnecting' : 'connecting'
  }

  return {
    status,
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
    networkIs(online) {
      isOnline = online
      status.set(judge())
    },
  }
}
