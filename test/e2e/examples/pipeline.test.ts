import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const examples = new URL('../../../examples/', import.meta.url)
const rows = (await readFile(new URL('digits/stream.ndjson', examples), 'utf8'))
  .split('\n')
  .slice(0, 60)
  .map((line) => JSON.parse(line) as { pixels: number[]; label: number })

/** 16 × 16 of 0 to 255. */
const enlarge = (pixels: readonly number[]) =>
  Array.from({ length: 256 }, (_, at) => Math.round((pixels[8 * (at >> 5) + ((at & 15) >> 1)]! * 255) / 16))

interface Answer {
  readonly prediction_id: string
  readonly code?: string
  readonly arm: string
  readonly outputs: { readonly label: [number]; readonly likely: [[number, number]] }
}

test('a model stands before the arms; where it hangs no arm is to blame, and rewards are less their cost', async () => {
  const config = fileURLToPath(new URL('pipeline/bandit.yaml', examples))
  const gateway = runGateway({ config, store: 'sqlite::memory:', tmp: await tempDir() })
  const origin = await gateway.ready()
  const caller = createCaller(origin)
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: response.status, body: (await response.json()) as Answer & Record<string, unknown> }
  }
  const ask = (pixels: readonly number[]) => post('/predict', { inputs: { image: enlarge(pixels) } })

  const answers = await Promise.all(rows.map(({ pixels }) => ask(pixels)))
  expect(answers.filter(({ status }) => status !== 200)).toEqual([])
  const isRight = (at: number) => answers[at]!.body.outputs.label[0] === rows[at]!.label
  expect(rows.filter((_, at) => isRight(at)).length).toBeGreaterThan(50)
  for (const { body } of answers) expect(body.outputs.likely[0][0]).toBe(body.outputs.label[0])

  const right = answers.findIndex((_, at) => isRight(at))
  const feedback = { prediction_id: answers[right]!.body.prediction_id, label: rows[right]!.label }
  const { reward } = (await post('/feedback', feedback)).body
  const price = answers[right]!.body.arm === 'network' ? 0.01 : 0
  expect(reward).toBeLessThan(1 - price)
  expect(reward).toBeGreaterThanOrEqual(0.9)

  const tensor = { name: 'image', datatype: 'UINT8', shape: [1, 16, 16], data: enlarge(rows[0]!.pixels) }
  const { body } = await post('/v2/models/digits/infer', { inputs: [tensor] })
  expect(body['outputs']).toMatchObject([{ name: 'label' }, { name: 'likely', datatype: 'INT64' }, {}])

  const pulls = async () => [...(await caller.arms()).values()].reduce((sum, arm) => sum + arm.pulls, 0)
  await waitUntil(async () => (await pulls()) === rows.length + 1, { what: 'pulls are flushed' })
  process.kill(gateway.workerOf('shrink')!, 'SIGSTOP')
  const late = await ask(rows[0]!.pixels)
  expect([504, 503]).toContain(late.status)
  expect(['deadline_exceeded', 'preprocess_failed']).toContain(late.body.code)
  const metrics = await (await fetch(`${origin}/metrics`)).text()
  expect(metrics).not.toMatch(/bandit_arm_failures_total\{/)
  await waitUntil(async () => (await ask(rows[0]!.pixels)).status === 200, {
    what: 'the worker is replaced',
    timeoutMs: 15_000,
  })
})
