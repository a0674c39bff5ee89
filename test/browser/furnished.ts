/** The account that pages of settings are looked at with: as they are once somebody has used them. */
import { openVisitor } from '../identity/visitor.ts'

export interface Account {
  readonly email: string
  readonly password: string
}

/** Of somebody who hides where she lives and works, has keys for programs, and a diary that is told of her rides. */
export async function makeFurnishedAccount(url: string): Promise<Account> {
  const account = { name: 'Ana Novak', email: 'ana@example.org', password: 'a long enough password' }
  const visitor = openVisitor(url)
  const response = await visitor.post('/api/auth/sign-up/email', account)
  if (!response.ok) throw new Error(`No account could be made: ${await response.text()}`)
  await visitor.post('/api/auth/sign-in/email', account)
  const answer = await visitor.query(furnishing)
  const made = JSON.stringify(answer)
  if (/"errors"|Error"/.test(made)) throw new Error(`The account could not be furnished: ${made}`)
  return account
}

const furnishing = `mutation {
  addPrivacyZone(input: { name: "Home", latitude: 46.0514, longitude: 14.506, radius: 600 }) { __typename }
  office: addPrivacyZone(input: { name: "Office", latitude: 46.0689, longitude: 14.489 }) { __typename }
  createApiKey(input: { name: "Training diary", scopes: [RIDES_READ] }) { __typename }
  computer: createApiKey(input: { name: "Bike computer", scopes: [RIDES_READ, RIDES_WRITE] }) { __typename }
  createWebhook(input: { url: "https://diary.example.org/rides", events: [RIDE_FINISHED, RIDE_DELETED] }) { __typename }
}`
