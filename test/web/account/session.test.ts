import { afterEach, expect, test, vi } from 'vitest'
import { createSessions } from '../../../web/account/session.ts'

type Answers = Readonly<Record<string, () => Response>>

const offer = () => Response.json({ signIn: { signUp: true, provider: false } })
const nobody: Answers = { '/config.json': offer, '/api/auth/get-session': () => Response.json(null) }
const ana: Answers = {
  ...nobody,
  '/api/auth/get-session': () =>
    Response.json({ user: { id: 'ana', name: 'Ana', email: 'ana@example.org' } }),
}

afterEach(() => vi.unstubAllGlobals())

/** Sessions of a server that answers so; what is not named it fails to answer. */
function sessionsOf(answers: () => Answers) {
  const left: string[] = []
  const riders: (string | null)[] = []
  const pauses: (() => void)[] = []
  vi.stubGlobal('fetch', async (address: string) => {
    const answer = answers()[address]
    if (answer === undefined) throw new TypeError('Failed to fetch')
    return answer()
  })
  const pause = () => new Promise<void>((resolve) => pauses.push(resolve))
  const departure = {
    forgetRider: async () => {
      left.push('forgotten')
    },
    outdate: () => left.push('outdated'),
    riderIs: (riderId: string | null) => void riders.push(riderId),
    tellOfLeaving: () => left.push('told'),
  }
  return { ...createSessions((address) => left.push(address), pause, departure), left, riders, pauses }
}

test('an account that was not made says what to do, and not whether there is one with this e-mail', async () => {
  const wrong = { code: 'INVALID_EMAIL_OR_PASSWORD', message: 'Invalid email or password' }
  const sessions = sessionsOf(() => ({
    ...nobody,
    '/api/auth/sign-up/email': () => Response.json({ user: {} }),
    '/api/auth/sign-in/email': () => Response.json(wrong, { status: 401 }),
  }))
  expect(await sessions.signUp('Ana', 'ana@example.org', 'a long enough password')).toBe(
    'This did not work. If you have an account already, sign in.',
  )
  expect(await sessions.signIn('ana@example.org', 'another password')).toBe(
    'No account has this e-mail and password.',
  )
  expect(sessions.left).toEqual([])
})

test('an account that was made is signed in to', async () => {
  const sessions = sessionsOf(() => ({
    ...nobody,
    '/api/auth/sign-up/email': () => Response.json({ user: {} }),
    '/api/auth/sign-in/email': () => Response.json({ user: {} }),
  }))
  expect(await sessions.signUp('Ana', 'ana@example.org', 'a long enough password')).toBeUndefined()
  expect(sessions.left).toEqual(['outdated', '/'])
})

test.each<[string, Answers]>([
  ['is away', {}],
  ['is not ready', { '/config.json': () => new Response('', { status: 503 }) }],
])('who is signed in is asked again where the server %s', async (_, answersAtFirst) => {
  let answers = answersAtFirst
  const sessions = sessionsOf(() => answers)
  await vi.waitUntil(() => sessions.pauses.length === 1)
  expect(sessions.session.get().status).toBe('loading')
  answers = ana
  sessions.pauses[0]?.()
  await vi.waitUntil(() => sessions.session.get().status !== 'loading')
  expect(sessions.session.get()).toMatchObject({ status: 'rider', name: 'Ana' })
})

test('a ride without a network is of who is signed in now: as each page that opens learns, and whoever signs in', async () => {
  const page = sessionsOf(() => ana)
  await vi.waitUntil(() => page.session.get().status !== 'loading')
  expect(page.riders).toEqual(['ana'])
  const signIn = sessionsOf(() => ({
    ...nobody,
    '/api/auth/sign-in/email': () => Response.json({ user: { id: 'bob' } }),
  }))
  await vi.waitUntil(() => signIn.session.get().status !== 'loading')
  await signIn.signIn('bob@example.org', 'a long enough password')
  expect(signIn.riders).toEqual([null, 'bob'])
})

test('who signs out is forgotten in this browser, and in all its tabs, before the page begins anew', async () => {
  const sessions = sessionsOf(() => ({ ...ana, '/api/auth/sign-out': () => Response.json({}) }))
  expect(await sessions.signOut()).toBeUndefined()
  expect(sessions.left).toEqual(['outdated', 'forgotten', 'told', '/'])
})

test('who could not be signed out is not forgotten', async () => {
  const sessions = sessionsOf(() => ana)
  expect(await sessions.signOut()).toBe('The server does not answer. Try again in a moment.')
  expect(sessions.left).toEqual([])
})
