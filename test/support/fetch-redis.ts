import { execFile } from 'node:child_process'
import { mkdir, mkdtempDisposable, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type RedisBinary, redisCache, runs, unpackedRedis } from './find-redis.ts'

/** No answer from a package source for this long is no answer. */
const patienceMs = 120_000

/** Dependencies of dependencies: deep enough for every release of Debian and Ubuntu that has redis-server. */
const rounds = 3

/**
 * Unpacks redis-server and the shared libraries that this machine lacks from the distribution's own packages into
 * `.cache/redis`. Needs apt-get and dpkg-deb but no root, and installs nothing. Rejects with the reason where that
 * cannot be done.
 */
export const fetchRedis = async (): Promise<RedisBinary> => {
  await mkdir(dirname(redisCache), { recursive: true })
  await using work = await mkdtempDisposable(`${redisCache}-`)
  const root = join(work.path, 'root')
  const options = await aptOptions(work.path)

  const fetched = new Set<string>()
  let wanted = ['redis-server', 'redis-tools']
  for (let round = 0; round <= rounds && !(await runs(await unpackedRedis(root))); round += 1) {
    for (const name of wanted) await unpack(name, { options, work: work.path, root })
    for (const name of wanted) fetched.add(name)
    wanted = (await dependencies(wanted, options)).filter((name) => !fetched.has(name))
  }
  if (!(await runs(await unpackedRedis(root)))) throw new Error('the unpacked redis-server does not start')

  await rm(redisCache, { recursive: true, force: true })
  await rename(root, redisCache).catch(async (error: unknown) => {
    // Another run was quicker; its copy is as good.
    if (!(await runs(await unpackedRedis(redisCache)))) throw error
  })
  return unpackedRedis(redisCache)
}

/** apt's own package lists where it has any, else lists of our own beside the download. */
const aptOptions = async (work: string): Promise<string[]> => {
  const ask = ['download', '--print-uris', 'redis-server']
  if (await succeeds('apt-get', ask)) return []
  const folders = { 'Dir::State': join(work, 'state'), 'Dir::Cache': join(work, 'cache') }
  await mkdir(join(folders['Dir::State'], 'lists/partial'), { recursive: true })
  await mkdir(join(folders['Dir::Cache'], 'archives/partial'), { recursive: true })
  const options = Object.entries({ ...folders, 'APT::Sandbox::User': 'root' }).flatMap(([name, value]) => [
    '-o',
    `${name}=${value}`,
  ])
  // One unreachable source among several is no reason to stop: what counts is whether the package is known now.
  await succeeds('apt-get', ['update', ...options])
  await run('apt-get', [...ask, ...options])
  return options
}

/** A package that cannot be had is left out: whether the server runs without it is seen by running it. */
const unpack = async (name: string, at: { options: string[]; work: string; root: string }): Promise<void> => {
  await using box = await mkdtempDisposable(join(at.work, 'package-'))
  if (!(await succeeds('apt-get', ['download', ...at.options, name], box.path))) return
  for (const file of await readdir(box.path)) await run('dpkg-deb', ['-x', join(box.path, file), at.root])
}

/** What the packages depend on and this machine has not installed. */
const dependencies = async (names: string[], options: string[]): Promise<string[]> => {
  const { stdout } = await run('apt-cache', ['depends', ...options, ...names])
  const all = [...stdout.matchAll(/Depends: ([^<\s]\S*)/g)].map((match) => match[1]!)
  const missing = await Promise.all(
    [...new Set(all)].map(async (name) => ((await isInstalled(name)) ? [] : [name])),
  )
  return missing.flat()
}

const isInstalled = (name: string): Promise<boolean> =>
  run('dpkg-query', ['-W', '-f', '${db:Status-Status}', name]).then(
    ({ stdout }) => stdout.includes('installed') && !stdout.includes('not-installed'),
    () => false,
  )

const run = (command: string, args: readonly string[], cwd = process.cwd()) =>
  promisify(execFile)(command, args, { cwd, timeout: patienceMs })

const succeeds = (...command: Parameters<typeof run>): Promise<boolean> =>
  run(...command).then(
    () => true,
    () => false,
  )
