import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtempDisposable, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, posix } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'

/** What may import what. Each of the names on the right that is missing in a row must be refused there. */
const modules = [
  'bandit/index.ts',
  'bandit/store/redis/redis.ts',
  'model-workers/protocol/types.ts',
  'model-workers/supervisor/supervisor.ts',
  'gateway/app.ts',
  'cli/main.ts',
  'bench/run.ts',
  'test/support/free-port.ts',
]
const mayImport: Record<string, readonly string[]> = {
  'bandit/policies/importer.ts': ['bandit/index.ts', 'bandit/store/redis/redis.ts'],
  'model-workers/importer.ts': ['model-workers/protocol/types.ts', 'model-workers/supervisor/supervisor.ts'],
  'gateway/predict/importer.ts': ['bandit/index.ts', 'model-workers/protocol/types.ts', 'gateway/app.ts'],
  'gateway/wiring/importer.ts': modules.slice(0, 5),
  'dashboards/src/importer.ts': [],
  'dashboards/panels/importer.ts': ['cli/main.ts'],
  'cli/importer.ts': modules.slice(0, 6),
  'bench/importer.ts': modules.slice(0, 7),
  'test/bandit/importer.test.ts': modules,
}

const readsEnvironment = 'export const home = process.env.HOME'
const exportsDefault = 'export default 1'
const forgetsPromise = 'const later = async (): Promise<number> => 1\nlater()'
/** The rule that refuses the text in that file, or none. */
const rules: readonly (readonly [path: string, text: string, rule: string | undefined])[] = [
  ['bandit/reads.ts', readsEnvironment, 'no-process-env'],
  ['gateway/reads.ts', readsEnvironment, 'no-process-env'],
  ['model-workers/reads.ts', readsEnvironment, 'no-process-env'],
  ['gateway/config/reading/environment.ts', readsEnvironment, undefined],
  ['cli/reads.ts', readsEnvironment, undefined],
  ['bench/reads.ts', readsEnvironment, undefined],
  ['test/reads.ts', readsEnvironment, undefined],
  ['bandit/defaults.ts', exportsDefault, 'no-default-export'],
  ['cli/defaults.ts', exportsDefault, 'no-default-export'],
  ['test/defaults.ts', exportsDefault, 'no-default-export'],
  ['some.config.ts', exportsDefault, undefined],
  ['bandit/forgets.ts', forgetsPromise, 'no-floating-promises'],
  ['gateway/forgets.ts', forgetsPromise, 'no-floating-promises'],
  ['cli/forgets.ts', forgetsPromise, 'no-floating-promises'],
  ['test/forgets.ts', forgetsPromise, 'no-floating-promises'],
  ['gateway/prints.ts', 'console.log(1)', 'no-console'],
  ['cli/prints.ts', 'console.log(1)', undefined],
  ['bandit/any.ts', 'export const parse = (text: any): string => String(text)', 'no-explicit-any'],
  ['bandit/bare.ts', `export { merge } from './statistics'`, 'extensions'],
]

interface Diagnostic {
  readonly code: string
  readonly filename: string
  readonly labels: readonly { readonly span: { readonly line: number } }[]
}

const importAll = (importer: string): string =>
  modules
    .map((module) => posix.relative(posix.dirname(importer), module))
    .map((path) => `import '${path.startsWith('.') ? path : `./${path}`}'\n`)
    .join('')

/** Lints the files as if they stood in this project, under its own configuration. */
const lint = async (files: Record<string, string>): Promise<readonly Diagnostic[]> => {
  const root = join(import.meta.dirname, '..')
  await using dir = await mkdtempDisposable(join(tmpdir(), 'bandit-'))
  for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json']) {
    await cp(join(root, name), join(dir.path, name))
  }
  await symlink(join(root, 'node_modules'), join(dir.path, 'node_modules'))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir.path, name)), { recursive: true })
    await writeFile(join(dir.path, name), `${text}\n`)
  }
  const oxlint = join(root, 'node_modules/.bin/oxlint')
  const report = await new Promise<string>((resolve) => {
    execFile(oxlint, ['--type-aware', '--format', 'json', '.'], { cwd: dir.path }, (_, stdout) =>
      resolve(stdout),
    )
  })
  return (JSON.parse(report) as { diagnostics: Diagnostic[] }).diagnostics
}

let diagnostics: readonly Diagnostic[] = []
beforeAll(async () => {
  const imports = Object.keys(mayImport).map((importer) => [importer, importAll(importer)] as const)
  diagnostics = await lint(Object.fromEntries([...imports, ...rules]))
})

describe.each(Object.entries(mayImport))('%s', (importer, allowed) => {
  const refusals = (module: string) =>
    diagnostics.filter(
      ({ code, filename, labels }) =>
        code === 'eslint(no-restricted-imports)' &&
        filename === importer &&
        labels[0]?.span.line === modules.indexOf(module) + 1,
    )
  test.each(modules.filter((module) => allowed.includes(module)))('may import %s', (module) => {
    expect(refusals(module)).toEqual([])
  })
  test.each(modules.filter((module) => !allowed.includes(module)))('must not import %s', (module) => {
    expect(refusals(module)).toHaveLength(1)
  })
})

describe('rules', () => {
  test.each(rules)('%s', (path, _, rule) => {
    const broken = diagnostics.filter(({ filename }) => filename === path).map(({ code }) => code)
    expect(broken).toEqual(rule === undefined ? [] : [expect.stringContaining(`(${rule})`)])
  })
})
