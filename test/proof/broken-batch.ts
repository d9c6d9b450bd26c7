/**
 * `node test/proof/broken-batch.ts --rows 100000 --times 3`: answers a file of rows with `bandit batch`, and again with
 * the command and its gateway killed at random moments, and compares the bytes. Ends with 1 where any differ.
 */
import { spawn } from 'node:child_process'
import { createHash, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { images, modelPath } from '../support/digits.ts'

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '100000' }, times: { type: 'string', default: '3' } },
})
const rows = Number(values.rows)
const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
const killsOfEach = 3
const dir = await mkdtemp(join(tmpdir(), 'bandit-batch-'))
const input = join(dir, 'rows.ndjson')

/** Arms of every kind, a policy that draws, and a deadline that rows miss where the machine is busy. */
async function configOf(name: string): Promise<string> {
  const members = ['logistic', 'network', 'tree'] as const
  const committee = { ensemble: members, combine: 'mean', quorum: 2, deadline: '50ms' }
  const config = {
    store: `sqlite:${join(dir, name)}.db`,
    models: Object.fromEntries(members.map((model) => [model, { onnx: modelPath(model) }])),
    endpoints: {
      digits: {
        arms: { logistic: { model: 'logistic' }, network: { model: 'network' }, committee },
        policy: { name: 'thompson' },
        reward: { from: 'reward', window: '1h' },
        deadline: '1s',
      },
    },
  }
  const path = join(dir, `${name}.yaml`)
  await writeFile(path, JSON.stringify(config))
  return path
}

async function writeRows(): Promise<void> {
  const file = await open(input, 'w')
  for (let from = 0; from < rows; from += 1000) {
    const lines = Array.from({ length: Math.min(1000, rows - from) }, (_, at) => {
      const { pixels } = images[(from + at) % images.length]!
      return `${JSON.stringify({ pixels: [pixels] })}\n`
    })
    await file.write(lines.join(''))
  }
  await file.close()
}

/** The code that it ended with, or the signal. */
async function answer(name: string, config: string, killAt?: number): Promise<unknown> {
  const out = join(dir, name)
  const args = ['--endpoint=digits', `--in=${input}`, `--out=${out}`, '--run=proof', `--config=${config}`]
  const child = spawn(process.execPath, [main, 'batch', ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
  const look = async (): Promise<void> => {
    const { size } = await stat(out).catch(() => ({ size: 0 }))
    if (killAt !== undefined && size >= killAt) child.kill('SIGKILL')
  }
  const looking = setInterval(() => void look(), 20)
  const [code, signal] = await once(child, 'exit')
  clearInterval(looking)
  return signal ?? code
}

const digest = async (name: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(join(dir, name)))
    .digest('hex')

try {
  await writeRows()
  const startedAt = performance.now()
  await answer('whole', await configOf('whole-state'))
  const { size } = await stat(join(dir, 'whole'))
  const expected = await digest('whole')
  const seconds = (performance.now() - startedAt) / 1000
  console.log(`unbroken: ${size} bytes in ${seconds.toFixed(0)} s, sha256 ${expected}`)
  for (let time = 1; time <= Number(values.times); time++) {
    const name = `broken-${time}`
    const config = await configOf(`${name}-state`)
    const kills = Array.from({ length: killsOfEach }, () => randomInt(size)).toSorted((a, b) => a - b)
    const ends: unknown[] = []
    for (const kill of kills) ends.push(await answer(name, config, kill))
    // On a machine that is too busy for five minutes it breaks off, and goes on.
    while (ends.at(-1) !== 0 && ends.length < 20) ends.push(await answer(name, config))
    const isSame = (await digest(name)) === expected
    console.log(
      `killed at bytes ${kills.join(', ')} (${ends.join(', ')}): ${isSame ? 'the same' : 'OTHER'} bytes`,
    )
    if (!isSame) process.exitCode = 1
  }
} finally {
  if (process.exitCode === 1) console.log(`kept in ${dir}`)
  else await rm(dir, { recursive: true })
}
