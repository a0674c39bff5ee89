/** Other tabs of this browser: when somebody has left in one of them, none goes on showing what was his. */
const channelName = 'slipstream.session'

export interface OtherTabs {
  /** Whoever was signed in is not any more. */
  tellOfLeaving(): void
}

/** @param left is called when somebody has left in another tab. */
export function createOtherTabs(left: () => void): OtherTabs {
  const channel = new BroadcastChannel(channelName)
  channel.onmessage = () => left()
  return { tellOfLeaving: () => channel.postMessage('left') }
}
