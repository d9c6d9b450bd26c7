import type { TestModule } from 'vitest/node'

export interface Summary {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export const noTests: Summary = { passed: 0, failed: 0, skipped: 0 }

/**
 * Counts tests. A file that cannot be loaded, a hook that fails and an error outside every test each count as one
 * failure: none of them shows in a test's own result.
 */
export const summarize = (modules: readonly TestModule[], outside: readonly unknown[]): Summary => {
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const suites = modules.flatMap((module) => [module, ...module.children.allSuites()])
  const count = (...states: string[]) => tests.filter((test) => states.includes(test.result().state)).length
  return {
    passed: count('passed'),
    failed: count('failed') + suites.filter((suite) => suite.errors().length > 0).length + outside.length,
    skipped: count('skipped', 'pending'),
  }
}

export const toLine = ({ passed, failed, skipped }: Summary): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
