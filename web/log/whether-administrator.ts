/** Whether who uses the app is an administrator: asked once it is known who that is. */
import type { Session } from '../account/session.ts'
import type { Server } from '../graphql/client.ts'
import { insist } from '../graphql/insist.ts'
import { type Cell, createCell } from '../state/cell.ts'
import { isAdministratorQuery } from './documents.ts'

export function whetherAdministrator(
  server: Server,
  session: Pick<Cell<Session>, 'get' | 'subscribe'>,
): Pick<Cell<boolean | null>, 'get' | 'subscribe'> {
  const cell = createCell<boolean | null>(null)
  let hasAsked = false
  async function ask(): Promise<void> {
    const { status } = session.get()
    if (status === 'loading' || hasAsked) return
    hasAsked = true
    if (status === 'nobody') return cell.set(false)
    const answer = await insist(server, isAdministratorQuery, {}, new AbortController().signal)
    cell.set(answer.ok && answer.data.isAdministrator)
  }
  session.subscribe(() => void ask())
  void ask()
  return cell
}
