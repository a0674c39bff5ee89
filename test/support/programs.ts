/** Programs of the system that a test needs: without them it is skipped by name, but in CI, where nothing may be. */
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export function isInstalled(program: string): boolean {
  if (program.startsWith('/')) return existsSync(program)
  return (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** `test('…', async (context) => { needsPrograms(context, 'caddy') … })` */
export function needsPrograms(context: { skip: (note: string) => void }, ...programs: string[]): void {
  const missing = programs.filter((program) => !isInstalled(program))
  if (missing.length > 0) context.skip(`needs ${missing.join(' and ')}`)
}
