/** The numbered `.sql` files of a program, and which programs each of them leaves in work. */
import { readdir, readFile } from 'node:fs/promises'

export interface Migration {
  /** `0018_served_programs`. */
  readonly name: string
  /** `0018`. */
  readonly number: string
  readonly text: string
  /**
   * The number of the newest migration that a program has to know so as to work on tables to which this one was applied; undefined
   * in files from before the rule.
   */
  readonly servesFrom: string | undefined
}

/** In their order. */
export async function readMigrations(directory: URL): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort()
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, directory), 'utf8')
      return {
        name: file.slice(0, -'.sql'.length),
        number: numberOf(file),
        text,
        servesFrom: servesLine.exec(text)?.[1],
      }
    }),
  )
}

/** In the first line. */
const servesLine = /^-- serves programs from: (\d{4})\n/

/** As text these order as numbers do. */
export function numberOf(name: string): string {
  return name.slice(0, 4)
}
