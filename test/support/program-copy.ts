/** A later version of the program: a copy of this one with more migrations. */
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface ProgramCopy extends AsyncDisposable {
  readonly directory: string
}

/** @param migrations by their names without `.sql`. */
export async function laterProgram(migrations: Readonly<Record<string, string>>): Promise<ProgramCopy> {
  const directory = await mkdtemp(join(tmpdir(), 'slipstream-program-'))
  const own = join(import.meta.dirname, '../..')
  for (const each of ['src', 'db', 'package.json']) {
    await cp(join(own, each), join(directory, each), { recursive: true })
  }
  await symlink(join(own, 'node_modules'), join(directory, 'node_modules'))
  for (const [name, text] of Object.entries(migrations)) {
    await writeFile(join(directory, 'db/migrations', `${name}.sql`), text)
  }
  return {
    directory,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
}
