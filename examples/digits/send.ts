/**
 * Sends images of the stream and, with each answer, the true label; then prints who answered and how often it was right.
 *
 *     node examples/digits/send.ts --count 300 --key user --header x-beta=on
 */
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    to: { type: 'string', default: 'http://127.0.0.1:8080' },
    count: { type: 'string', default: '300' },
    /** Requests a second. */
    rate: { type: 'string', default: '100' },
    /** Numbered from 0 to 49, so that each comes again. */
    key: { type: 'string' },
    header: { type: 'string' },
    /** Each pixel as four of 0 to 255, for examples/pipeline. */
    image: { type: 'boolean', default: false },
  },
})

interface Row {
  readonly pixels: readonly number[]
  readonly label: number
}

const rows = (await readFile(new URL('stream.ndjson', import.meta.url), 'utf8'))
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Row)
const tallies = new Map<string, { answers: number; right: number }>()

async function post(path: string, body: object): Promise<Record<string, unknown>> {
  const [name, value = ''] = values.header?.split('=') ?? []
  const headers = { 'content-type': 'application/json', ...(name !== undefined && { [name]: value }) }
  const response = await fetch(`${values.to}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  return { ...((await response.json()) as object), ok: response.ok }
}

async function ask({ pixels, label }: Row, turn: number): Promise<void> {
  const inputs = values.image ? { image: [enlarge(pixels)] } : { pixels: [pixels] }
  const key = values.key === undefined ? {} : { key: `${values.key}-${turn % 50}` }
  const answer = await post('/predict', { inputs, ...key })
  const arm = answer['ok'] === true ? String(answer['arm']) : String(answer['code'])
  const tally = tallies.get(arm) ?? { answers: 0, right: 0 }
  tallies.set(arm, tally)
  tally.answers += 1
  if (answer['ok'] !== true) return
  const { outputs } = answer as { outputs: { label: number[] } }
  tally.right += Number(outputs.label[0] === label)
  await post('/feedback', { prediction_id: answer['prediction_id'], label })
}

/** 16 × 16 of 0 to 255. */
function enlarge(pixels: readonly number[]): number[][] {
  return Array.from({ length: 16 }, (_, y) =>
    Array.from({ length: 16 }, (__, x) => Math.round((pixels[8 * (y >> 1) + (x >> 1)] * 255) / 16)),
  )
}

const pending: Promise<void>[] = []
for (let turn = 0; turn < Number(values.count); turn++) {
  pending.push(ask(rows[turn % rows.length], turn))
  await sleep(1000 / Number(values.rate))
}
await Promise.all(pending)
for (const [arm, { answers, right }] of [...tallies].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  console.log(
    `${arm.padEnd(20)} ${String(answers).padStart(5)} answers, ${((100 * right) / answers).toFixed(1)} % right`,
  )
