/**
 * Credentials that are no good are counted as their address' requests: whoever tries out keys is soon answered with a wait. Until
 * then nothing is looked up for him. A key that is known already is not looked up, and goes on from the same address.
 */
import { anonymous } from '#rights/viewer.ts'
import type { Identification, Identify } from './identify.ts'
import type { Allowance, Rates } from './limits/rates.ts'

export function withCounting(identify: Identify, rates: Rates): Identify {
  return (credentials) => {
    const { address, authorization, cookie, rideShare } = credentials
    if (authorization === undefined && cookie === undefined && rideShare === undefined) {
      return identify(credentials)
    }
    const ofAddress = () => rates.of(anonymous(address))
    const found = identify({ ...credentials, mayBeLookedUp: () => ofAddress()?.untilRequest() === undefined })
    return found instanceof Promise ? found.then((one) => counted(one, ofAddress)) : counted(found, ofAddress)
  }
}

function counted(found: Identification, ofAddress: () => Allowance | undefined): Identification {
  if (found.outcome === 'known') return found
  const allowance = ofAddress()
  const retryAfter = found.outcome === 'refused' ? allowance?.takeRequest() : allowance?.untilRequest()
  return retryAfter === undefined ? found : { outcome: 'too often', retryAfter }
}
