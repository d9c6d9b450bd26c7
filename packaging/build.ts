/**
 * `npm run build`: the project as JavaScript in dist/, in the same folders, which is what `npm pack` takes. Node runs
 * TypeScript as it stands, but not within node_modules.
 */
import { execFileSync } from 'node:child_process'
import { chmod, cp, rm } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

/** What is written for people, or for the compiler. */
const isRead = (path: string): boolean =>
  !['.ts', '.md', '.py'].includes(extname(path)) && basename(path) !== 'tsconfig.json'

await rm(dist, { recursive: true, force: true })
// Scripts of Redis, the console's pages, tables, and the example that the demo runs.
for (const folder of ['bandit', 'gateway', 'examples/digits'])
  await cp(join(root, folder), join(dist, folder), {
    recursive: true,
    filter: (path) => basename(path) !== 'var' && isRead(path),
  })
execFileSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
await chmod(join(dist, 'cli', 'bandit.js'), 0o755)
