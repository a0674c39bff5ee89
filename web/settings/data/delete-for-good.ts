/** The end of an account, step by step: nothing is deleted before its rider has typed that he means it. */
import type { Sessions } from '../../account/session.ts'
import type { Complaint } from '../../forms/complaint.ts'

export interface Means {
  readonly sessions: Pick<Sessions, 'deleteAccount' | 'leave'>
  /** Asks the server who is signed in. Undefined: it did not answer, or nobody is. */
  readonly whoIs: () => Promise<string | undefined>
  /** Whom the server named last. */
  readonly lastRider: () => string | null
  /** Takes from this browser what he recorded. */
  readonly forgetRecordings: (riderId: string) => Promise<void>
}

export interface Account {
  readonly email: string
  /** Else he signs in with the provider alone. */
  readonly hasPassword: boolean
}

export interface Typed {
  readonly email: string
  readonly password: string
}

export async function deleteForGood(
  { sessions, whoIs, lastRider, forgetRecordings }: Means,
  { email, hasPassword }: Account,
  typed: Typed,
): Promise<Complaint> {
  const typedEmail = typed.email.trim()
  if (typedEmail.toLowerCase() !== email.toLowerCase()) return `Type your e-mail as it is: ${email}`
  // Asked while there is still an account to ask for.
  const riderId = (await whoIs()) ?? lastRider()
  const { password } = typed
  const complaint = await sessions.deleteAccount(hasPassword ? { password } : { email: typedEmail })
  if (complaint !== undefined) return complaint
  // The account is gone also where the browser keeps nothing, and so has nothing to forget.
  if (riderId !== null) await forgetRecordings(riderId).catch(() => undefined)
  await sessions.leave('/account/deleted')
  return undefined
}
