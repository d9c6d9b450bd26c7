import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pino from 'pino'
import { Registry } from 'prom-client'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  createAgent,
  createPolicy,
  noForgetting,
  type EndpointStore,
  type LearningEndpoint,
} from '../../../bandit/index.ts'
import { uniformPrior } from '../../../bandit/beliefs/posterior.ts'
import { createDecisionLog } from '../../../gateway/decision-log/decision-log.ts'
import { openDecisionLog } from '../../../gateway/decision-log/open-decision-log.ts'
import { logLineSchema } from '../../../gateway/decision-log/schema.ts'
import {
  toAnswersLine,
  toDecisionLine,
  toDrawn,
  toRewardLine,
  type DecisionFacts,
} from '../../../gateway/decision-log/to-lines.ts'
import { StartFault } from '../../../gateway/start-fault.ts'
import { createMetrics } from '../../../gateway/telemetry/metrics/metrics.ts'
import { createFakeArm, createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../../fixtures/gateway-app.ts'
import { tempDir } from '../../support/temp-dir.ts'

const open = async (dir: string) => {
  const registry = new Registry()
  const metrics = createMetrics({ registry, version: 'test' }).decisionLog
  const log = await openDecisionLog({
    config: { dir, rotate: 1e6, keep: 5, compress: 'gzip', buffer: 1e5 },
    gateway: 'abcdefgh',
    endpoints: new Map(),
    metrics,
    logger: pino({ level: 'silent' }),
    clock: () => 1_790_000_000_000,
  })
  onTestFinished(() => log.close())
  return log
}

test.each(['a file', 'a folder below a file'])(
  '%s in place of the folder keeps the gateway from starting',
  async (what) => {
    const folder = await tempDir()
    const file = join(folder, 'taken')
    await writeFile(file, '')
    const dir = what === 'a file' ? file : join(file, 'log')
    const fault: unknown = await open(dir).catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(StartFault)
    expect((fault as Error).message).toMatch(
      /cannot write to the decision log's folder .*taken.*decision_log\.dir/,
    )
  },
)

describe('POST /predict tells the log', () => {
  const body = { inputs: { pixels: [[0, 0, 0, 0]] }, context: { country: 'DE', age: 41 } }

  async function predict(arms: Parameters<typeof createFakeEndpoint>[0], sent: object = body) {
    const told: { arm: string; facts: DecisionFacts }[] = []
    const decisionLog = {
      decided: ({ arm }: { arm: string }, facts: DecisionFacts) => void told.push({ arm, facts }),
    }
    const answer = await post(
      createTestGateway([createFakeEndpoint(arms)], { decisionLog }),
      '/predict',
      sent,
    )
    return { told, answer }
  }

  test('of the arm that answered, with the context', async () => {
    const { told } = await predict({})
    expect(told).toMatchObject([{ arm: 'first', facts: { failedOver: false, context: body.context } }])
  })

  test('that another arm had failed before', async () => {
    const arms = [createFakeArm('first', 'unreachable'), createFakeArm('second')]
    const { told } = await predict({ arms }, { inputs: body.inputs })
    expect(told).toMatchObject([{ arm: 'second', facts: { failedOver: true } }])
    expect(told[0]!.facts.context).toBeUndefined()
  })

  test('the members of an ensemble that answered, and what a shadow says later', async () => {
    const members = [{ model: 'a', status: 'late', weight: 0 } as const]
    const decision = createFakeEndpoint({}).agent.decide('AAAAAAAAAAAAAAAA')!
    const text = toDecisionLine(decision, '"snapshot":"s","arms":["first"],"propensities":[1]', {
      failedOver: false,
      context: undefined,
      members,
    })
    expect(logLineSchema.parse(JSON.parse(text))).toMatchObject({ members })
    const said = { 'arm:committee': [7], 'model:a': ['ü'] }
    const line = logLineSchema.parse(JSON.parse(toAnswersLine(decision, said)))
    expect(line).toMatchObject({ type: 'answers', key: decision.key, labels: said })
  })

  test('nothing where nobody got an answer', async () => {
    const { told, answer } = await predict({ arms: [createFakeArm('first', 'unreachable')] })
    expect(answer.status).toBe(503)
    expect(told).toEqual([])
  })
})

test("the ledger's record of a decision does not hold what it was drawn from", async () => {
  const endpoint = createFakeEndpoint({})
  const snapshot = { takenAt: 1, version: 1, beliefs: [], limits: [] }
  const basis = { snapshot, arms: ['first'], distribution: Float64Array.of(1) }
  const decision = { ...endpoint.agent.decide('AAAAAAAAAAAAAAAA')!, basis }
  await endpoint.ledger.record(decision, { label: [7] }, true)
  const [text] = endpoint.store.records.values()
  expect(text).toContain(decision.key)
  expect(text).not.toContain('basis')
})

test.each([
  [1, ['snapshot', 'snapshot', 'decision']],
  [3, ['snapshot', 'decision', 'decision', 'snapshot', 'decision']],
])('a file of %i lines begins with the snapshot that its decisions need', (linesInFile, expected) => {
  const written: string[] = []
  const writer = {
    get file() {
      return 1 + Math.floor(written.length / linesInFile)
    },
    write: (line: string) => written.push((JSON.parse(line) as { type: string }).type) > 0,
    close: () => Promise.resolve(),
  }
  const endpoint = createFakeEndpoint({})
  const { settings } = endpoint
  const learning = { windowMs: 1000, bucketMs: 100 } as unknown as LearningEndpoint
  const log = createDecisionLog({
    gateway: 'g',
    endpoints: new Map([['digits', { settings, learning }]]),
    writer,
  })
  const snapshot = { takenAt: 1, version: 1, beliefs: [], limits: [] }
  const basis = { snapshot, arms: ['first'], distribution: Float64Array.of(1) }
  const decision = { ...endpoint.agent.decide('AAAAAAAAAAAAAAAA')!, basis }
  const decisions = expected.filter((type) => type === 'decision').length
  for (let n = 0; n < decisions; n++) log.decided(decision, { failedOver: false, context: undefined })
  expect(written).toEqual(expected)
})

describe('lines', () => {
  const store = { readState: () => Promise.resolve(undefined), recordPulls: () => Promise.resolve() }
  const agent = createAgent({
    endpoint: 'shop',
    generation: '0badcafe',
    arms: ['a', 'b', 'c'].map((name) => ({ name, minShare: 0 })),
    policy: createPolicy({ name: 'ucb1' }),
    prior: uniformPrior,
    store: store as unknown as EndpointStore,
    gateway: 'one',
    clock: () => 1_790_000_000_000,
    windowMs: 1000,
    bucketMs: 100,
    forgetting: noForgetting,
    defaultMicro: undefined,
    staleMs: 5000,
  })

  test('are JSON whatever the client put into the context', () => {
    const decision = agent.decide('AAECAwQFBgcICQoL', new Set(['b']))!
    const context = { '"\n\\': 'a "quoted"\nline', ключ: true, x: 1e-300 }
    const drawn = toDrawn(decision.basis!, 's-1')
    const text = toDecisionLine(decision, drawn, { failedOver: true, context })
    expect(text.indexOf('\n')).toBe(text.length - 1)
    const line = logLineSchema.parse(JSON.parse(text))
    expect(line).toMatchObject({
      key: 'AAECAwQFBgcICQoL',
      arm: decision.arm,
      unavailable: ['b'],
      arms: ['a', 'c'],
      propensities: [0.5, 0.5],
      pending: [0, 0],
      failover: true,
      degraded: true,
      context,
    })
  })

  test('what an answer cost is in the unit of the reward', () => {
    const decision = { ...agent.decide('AAECAwQFBgcICQoL')!, penalty: 0.03, penaltyMicro: 100_000 }
    const facts = { failedOver: false, context: undefined }
    const text = toDecisionLine(decision, toDrawn(decision.basis!, 's-1'), facts)
    agent.abandoned(decision)
    expect(logLineSchema.parse(JSON.parse(text))).toMatchObject({ penalty: 0.03 })
  })

  test('pending pulls are those before the decision, not those it makes', () => {
    const { basis } = agent.decide('AAECAwQFBgcICQoL')!
    const before = [...basis!.pending!]
    agent.decide('BAECAwQFBgcICQoL')
    expect([...basis!.pending!]).toEqual(before)
    expect(before.reduce((sum, pulls) => sum + pulls, 0)).toBe(1)
  })

  test.each(['forged', 'unknown'] as const)('%s feedback without a verified decision is none', (status) => {
    expect(toRewardLine({ predictionId: 'x', reward: 1, eventId: '' }, { status })).toBeUndefined()
  })
})
