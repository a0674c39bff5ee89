/** Riders who come and leave around a backup, and the list that knows of it: as docs/operate.md has it written and used. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { query } from '../faults/database-directly.ts'
import type { Finding } from '../faults/ledger.ts'

export async function riderComes(url: string): Promise<string> {
  const riderId = randomUUID()
  await query(url, `insert into riders (rider_id, name) values ('${riderId}', 'Somebody else')`)
  return riderId
}

/** What `npm run forget` does. */
export async function forget(url: string, ...args: string[]): Promise<string> {
  const { PATH } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, ['src/cli/forget.ts', ...args], {
    env: { PATH, DATABASE_URL: url },
  })
  return stdout.trim()
}

export interface Around {
  /** Such as `The dump`. */
  readonly from: string
  readonly url: string
  /** From before the backup, and from after all that went. */
  readonly lists: { readonly early: string; readonly newest: string }
  readonly left: string
  /** Came after the early list, and are in the backup. */
  readonly stay: readonly string[]
  readonly deletedRides: readonly string[]
}

export async function forgetAgain(around: Around): Promise<{ line: string; findings: Finding[] }> {
  const { from, url, lists, left, stay, deletedRides } = around
  const findings: Finding[] = []
  const find = (what: string) => findings.push({ defect: 'broken', what: `${from}: ${what}` })
  const riders = async () =>
    new Set((await query(url, 'select rider_id from riders')).map((row) => row['rider_id']))
  const before = await riders()
  await forget(url, '--list', lists.early, '--yes')
  if ((await riders()).size < before.size) find('A list from before the backup made riders forgotten')
  const said = await forget(url, '--list', lists.newest, '--yes')
  const after = await riders()
  if (!before.has(left) || after.has(left)) find('A rider who left after the backup was not forgotten again')
  if (stay.some((id) => !after.has(id))) find('A rider who stayed is gone')
  const rows = await query(url, 'select stream_id from streams where not deleted')
  const there = new Set(rows.map(({ stream_id: id }) => String(id)))
  const back = deletedRides.filter((id) => there.has(id)).length
  if (back > 0) find(`${back} rides that were deleted after the backup are there again`)
  return { line: `${from}: by the list of what is gone: ${said.split('\n').at(-1)}`, findings }
}
