/** The share link that came with a request. One that we did not make is refused like any credential that is no good. */
import type { Share } from '#rights/viewer.ts'
import type { Identification, Identify } from './identify.ts'

const refused: Identification = {
  outcome: 'refused',
  message: "This share link is not whole. Copy all of it, or leave out the header 'ride-share'.",
}

/** @param shareOf undefined for a token that is none of ours. */
export function withShares(identify: Identify, shareOf: (token: string) => Share | undefined): Identify {
  return (credentials) => {
    const { rideShare } = credentials
    if (rideShare === undefined) return identify(credentials)
    const share = shareOf(rideShare)
    if (share === undefined) return refused
    const found = identify(credentials)
    return found instanceof Promise ? found.then(shared) : shared(found)

    function shared(identification: Identification): Identification {
      if (identification.outcome !== 'known') return identification
      return { outcome: 'known', viewer: { ...identification.viewer, share } }
    }
  }
}
