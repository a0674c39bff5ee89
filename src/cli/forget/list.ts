/**
 * A list of who and what is gone, kept in another place than the database. A backup does not know what went after it; the list
 * says so of each by name, so that whoever is not in it stays, and a list from before the backup takes nothing away.
 *
 *   rider MARK TIMES     a mark that only the database can make of a rider's id, and how often he has gone
 *   ride ID
 *   end COUNT            of the lines before: without it the list is not whole
 */
import { open, rename, rm } from 'node:fs/promises'
import { isUuid } from '#api/uuid.ts'

export interface GoneList {
  readonly riders: readonly { readonly mark: string; readonly times: number }[]
  readonly rideIds: readonly string[]
}

export function textOf({ riders, rideIds }: GoneList): string {
  const lines = [
    ...riders.map(({ mark, times }) => `rider ${mark} ${times}`),
    ...rideIds.map((id) => `ride ${id}`),
  ]
  return [...lines, `end ${lines.length}`, ''].join('\n')
}

/** Or what is wrong with it. */
export function readList(text: string): GoneList | string {
  const lines = text.split('\n')
  const end = lines.at(-1) === '' ? lines.at(-2) : undefined
  const entries = lines.slice(0, -2)
  if (end !== `end ${entries.length}`) {
    return 'The list is not whole: its last line has to be "end" and how many lines are before it. Take one that is.'
  }
  const riders: { mark: string; times: number }[] = []
  const rideIds: string[] = []
  for (const entry of entries) {
    const [what, name = '', times = '', ...more] = entry.split(' ')
    if (
      what === 'rider' &&
      /^[0-9a-f]{64}$/.test(name) &&
      /^[1-9]\d{0,8}$/.test(times) &&
      more.length === 0
    ) {
      riders.push({ mark: name, times: Number(times) })
    } else if (what === 'ride' && isUuid(name) && times === '') rideIds.push(name)
    else return `A line of the list is neither "rider MARK TIMES" nor "ride ID": '${entry}'.`
  }
  return { riders, rideIds }
}

/** Whole or not at all: what stood there before stays until then. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const part = `${file}.part`
  try {
    await using written = await open(part, 'w', 0o600)
    await written.writeFile(text)
    await written.sync()
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  await rename(part, file)
}
