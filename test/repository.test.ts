import { globSync, readFileSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const manifest = JSON.parse(read('package.json')) as { scripts: Record<string, string> }

/** Every document of the project: none stands in a folder whose name says that it was made or fetched. */
const documents = globSync('**/*.md', { cwd: root, exclude: ['node_modules', 'var', 'coverage', '.cache'] })

/** Written out, or from some folder on. */
const sources = globSync('**/*.ts', {
  cwd: root,
  exclude: ['node_modules', 'var', 'coverage', '.cache', 'dist'],
})

describe('package-lock.json', () => {
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Record<string, unknown>> }

  test('names no address to download from, so that every machine uses the registry of its own', () => {
    const packages = Object.values(lock.packages).map(({ funding: _, ...rest }) => rest)
    expect(packages.length).toBeGreaterThan(100)
    expect(packages.filter((entry) => 'resolved' in entry)).toEqual([])
    expect(packages.map((entry) => JSON.stringify(entry)).filter((entry) => entry.includes('://'))).toEqual(
      [],
    )
  })

  test('will be written that way again', () => {
    const settings = read('.npmrc').trim().split('\n')
    expect(settings).toContain('omit-lockfile-registry-resolved=true')
    expect(settings.filter((line) => /registry=|_auth|:\/\//.test(line))).toEqual([])
  })
})

describe('documents', () => {
  test.each(documents)('%s links to nothing that is not there', async (document) => {
    const targets = [...read(document).matchAll(/\]\((?!\w+:|#)([^)#\s]+)[^)]*\)/g)].map((match) => match[1]!)
    const broken = await Promise.all(
      targets.map(async (target) =>
        access(join(root, dirname(document), target)).then(
          () => [],
          () => [target],
        ),
      ),
    )
    expect(broken.flat()).toEqual([])
  })

  test.each(documents.filter((document) => document !== 'CHANGELOG.md'))(
    '%s names no source file that is not there',
    (document) => {
      const named = [...read(document).matchAll(/`(?:\.\.\/)*([\w.-]+\/[\w./-]+\.ts)`/g)].map(
        (match) => match[1]!,
      )
      expect(named.filter((name) => !sources.some((path) => `/${path}`.endsWith(`/${name}`)))).toEqual([])
    },
  )

  test.each(documents)('%s names no npm script that does not exist', (document) => {
    const named = [...read(document).matchAll(/\bnpm (?:run (?:-\S+ )*([\w:-]+)|(test|start)\b)/g)]
    const unknown = named.map((match) => match[1] ?? match[2]!).filter((name) => !(name in manifest.scripts))
    expect(unknown).toEqual([])
  })
})
