import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import packageFile from '../../package.json' with { type: 'json' }
import { createCaller } from '../fixtures/gateway-caller.ts'
import { runGateway } from '../fixtures/gateway-run.ts'
import { images } from '../support/digits.ts'
import { tempDir } from '../support/temp-dir.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..', '..')

/** What `npm pack` makes, as it lies where it was installed: within node_modules Node runs no TypeScript. */
const install = async (): Promise<string> => {
  const folder = await tempDir()
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root })
  const [tarball] = await readdir(folder)
  const at = join(folder, 'node_modules', packageFile.name)
  await mkdir(at, { recursive: true })
  await run('tar', ['-xzf', join(folder, tarball!), '--strip-components=1', '-C', at])
  await symlink(join(root, 'node_modules'), join(at, 'node_modules'))
  return at
}

test('what is packed is small, and serves from where it was installed', async () => {
  const installed = await install()
  const files = (await readdir(installed, { recursive: true })).filter(
    (path) => !path.startsWith('node_modules'),
  )
  expect(files.filter((path) => /\.(ts|test\.js|py)$|^(test|bench|examples)\b/.test(path))).toEqual([])
  expect(files.length).toBeLessThan(1500)
  // Its guides lead to what is in it, but for examples, figures and pictures.
  for (const guide of files.filter((path) => /^docs\/.*\.md$/.test(path))) {
    const text = await readFile(join(installed, guide), 'utf8')
    const targets = [...text.matchAll(/\]\(([^):#]+\.(?:md|acl))(?:#[^)]*)?\)/g)].map(([, to]) =>
      join('docs', to!),
    )
    expect(targets.filter((to) => !/^(bench|examples)/.test(to) && !files.includes(to))).toEqual([])
  }

  const main = join(installed, packageFile.bin.bandit)
  expect((await run(process.execPath, [main, '--version'])).stdout.trim()).toBe(packageFile.version)
  const gateway = runGateway({
    main,
    config: join(installed, 'dist', 'examples', 'digits', 'bandit.yaml'),
    store: `sqlite:${join(await tempDir(), 'bandit.db')}`,
    tmp: await tempDir(),
  })
  const caller = createCaller(await gateway.ready())
  const { status, body } = await caller.predict(images[0]!.pixels)
  expect(status, gateway.stderr()).toBe(200)
  expect((await caller.feedback({ prediction_id: body.prediction_id, label: 1 })).status).toBe(200)
  const page = await fetch(new URL('/console', await gateway.ready()))
  expect(await page.text()).toContain('<!doctype html>')
})

test('a Node that is too old is told so, in a line', async () => {
  const old = `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.20.2'}})`
  const error = await run(process.execPath, [
    '--import',
    old,
    join(root, 'cli', 'bandit.js'),
    '--help',
  ]).catch((thrown: unknown) => thrown as { code: number; stderr: string })
  expect(error).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^bandit-gateway needs Node .* 20\.20\.2.*\n$/),
  })
})
