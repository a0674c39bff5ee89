/**
 * The end of a test run in plain words: what was skipped and why, and one line `N passed, N failed, N skipped` that
 * a person sees last and a script can look for.
 */
import type { Reporter, TestCase, TestModule } from 'vitest/node'

export class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const passed = tests.filter((test) => test.result().state === 'passed').length
    const skipped = tests.filter((test) => test.result().state === 'skipped')
    const failed = tests.length - passed - skipped.length
    // A file that could not be loaded, or a hook that threw, fails without a test of its own failing; so does an
    // error outside of any test.
    const groups = modules.flatMap((module) => [module, ...module.children.allSuites()])
    const broken = groups.filter((group) => group.errors().length > 0)

    const lines = [...reasons(skipped), ...notRun(modules)].map((reason) => `Skipped: ${reason}`)
    lines.push(
      `${passed} passed, ${failed + broken.length + unhandledErrors.length} failed, ${skipped.length} skipped`,
    )
    process.stdout.write(`${lines.join('\n')}\n`)
  }
}

/** One line a reason, with the number of tests it kept from running, or their name where it is one. */
function reasons(skipped: readonly TestCase[]): string[] {
  const byReason = Map.groupBy(skipped, reasonOf)
  return [...byReason].map(([reason, tests]) => {
    const what = tests.length === 1 ? `“${tests[0]?.fullName}”` : `${tests.length} tests`
    return `${what}: ${reason}`
  })
}

function reasonOf(test: TestCase): string {
  const result = test.result()
  if (result.state === 'skipped' && result.note !== undefined) return result.note
  const { mode } = test.options
  if (mode === 'todo') return 'not written yet'
  return mode === 'skip'
    ? `switched off in ${test.module.relativeModuleId}`
    : 'what it needs failed before it'
}

function notRun(modules: readonly TestModule[]): string[] {
  const onEmbedded = modules.some((module) => module.project.name === 'database')
  return onEmbedded && !process.env['TEST_DATABASE_URL']
    ? ['the same suite on a real PostgreSQL: TEST_DATABASE_URL is not set (it ran on the embedded one)']
    : []
}
