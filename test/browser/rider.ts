/** A rider's client, as thin as it can be: it records a ride through the API while a page watches. */
import { randomUUID } from 'node:crypto'

export interface Rider {
  readonly rideId: string
  /** Fixes sent so far, each of them 10 m north-east of the last and a second later. */
  readonly sent: number
  record(count: number): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  end(): Promise<void>
}

const metresNorthPerDegree = 111_195
const stepMetres = 10
const from = { latitude: 46.62, longitude: 7.05 }

/**
 * Starts a public ride, an hour ago. `eastwards`: degrees of longitude from where rides begin unless told otherwise.
 * `authorization`: as `asRider` gives it.
 */
export async function startRide(
  url: string,
  title: string,
  { eastwards = 0, authorization }: { eastwards?: number; authorization?: string } = {},
): Promise<Rider> {
  const mutate = mutations(url, authorization === undefined ? {} : { authorization })
  const rideId = randomUUID()
  const startedAtMs = Date.now() - 3_600_000
  let seconds = 0
  let sent = 0
  const now = () => new Date(startedAtMs + seconds * 1_000).toISOString()

  async function command(name: string): Promise<void> {
    seconds += 1
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}`
    await mutate(
      `mutation($input: RideCommandInput!) { result: ${name}(input: $input) { __typename ... on ${type}Payload { version } ... on Error { message } } }`,
      {
        rideId,
        commandId: randomUUID(),
        at: now(),
      },
    )
  }

  await mutate(
    'mutation($input: StartRideInput!) { result: startRide(input: $input) { __typename ... on Error { message } } }',
    { rideId, title, startedAt: now(), visibility: 'PUBLIC' },
  )
  return {
    rideId,
    get sent() {
      return sent
    },
    async record(count) {
      const positions = Array.from({ length: count }, () => {
        seconds += 1
        sent += 1
        const degrees = (sent * stepMetres * Math.SQRT1_2) / metresNorthPerDegree
        return {
          at: now(),
          latitude: from.latitude + degrees,
          longitude: from.longitude + eastwards + degrees * 1.456,
          altitude: 600,
        }
      })
      await mutate(
        'mutation($input: RecordPositionsInput!) { result: recordPositions(input: $input) { __typename ... on Error { message } } }',
        { rideId, uploadId: randomUUID(), positions },
      )
    },
    pause: () => command('pauseRide'),
    resume: () => command('resumeRide'),
    end: () => command('endRide'),
  }
}

interface Answer {
  data?: { result?: { __typename: string; message?: string } }
  errors?: { message: string }[]
}

function mutations(url: string, credentials: Readonly<Record<string, string>>) {
  return async (query: string, input: Record<string, unknown>): Promise<void> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...credentials },
      body: JSON.stringify({ query, variables: { input } }),
    })
    const answer: Answer = JSON.parse(await response.text())
    const result = answer.data?.result
    if (result?.__typename.endsWith('Payload') !== true) {
      throw new Error(`The command was refused: ${JSON.stringify(answer.errors ?? result)}`)
    }
  }
}
