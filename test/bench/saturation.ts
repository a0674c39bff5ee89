/** The most that somebody delivers: the offered rate is raised until no more comes out. */

export interface Saturation {
  /** Publications a second that it begins with. */
  readonly from: number
  /** Offers so much, and gives how much is delivered then. */
  readonly deliver: (rate: number) => Promise<number>
}

export interface Saturated {
  /** The offered rate at which most was delivered. */
  readonly rate: number
  readonly delivered: number
}

const step = 1.4
const mostSteps = 12
/** What is less than this more is no more. */
const more = 1.03

/** Two steps in a row without more are the end: one may be the machine's. */
export async function saturate({ from, deliver }: Saturation): Promise<Saturated> {
  let best: Saturated = { rate: from, delivered: 0 }
  let withoutMore = 0
  let rate = from
  for (let steps = 0; steps < mostSteps && withoutMore < 2; steps++, rate *= step) {
    const delivered = await deliver(Math.round(rate))
    withoutMore = delivered > best.delivered * more ? 0 : withoutMore + 1
    if (delivered > best.delivered) best = { rate: Math.round(rate), delivered }
  }
  return best
}
