import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { runExport } from '../../../cli/export/run.ts'
import { joinLog } from '../../../gateway/decision-log/join-log.ts'
import { logLineJsonSchema } from '../../../gateway/decision-log/json-schema.ts'
import { readLog } from '../../../gateway/decision-log/read-log.ts'
import type { DecisionLine, LogLine } from '../../../gateway/decision-log/schema.ts'
import { toDsjson } from '../../../gateway/decision-log/to-dsjson.ts'
import { toOpenBandit } from '../../../gateway/decision-log/to-open-bandit.ts'
import { logTraffic } from '../../fixtures/logged-traffic.ts'
import { tempDir } from '../../support/temp-dir.ts'

const decision: DecisionLine = {
  type: 'decision',
  key: 'AAECAwQFBgcICQoL',
  endpoint: 'shop',
  generation: '0badcafe',
  policy: 'thompson',
  arm: 'b',
  propensity: 0.25,
  time: 1_790_000_000_123,
  snapshot: 's-1',
  arms: ['a', 'b'],
  propensities: [0.75, 0.25],
  unavailable: ['c'],
  context: { country: 'D"E', new: true },
}

async function* lines(reward: number | undefined): AsyncIterable<LogLine> {
  yield decision
  yield { ...decision, key: 'without-a-reward' }
  yield {
    type: 'reward',
    key: decision.key,
    endpoint: 'shop',
    arm: 'b',
    status: reward === undefined ? 'void' : 'applied',
    reward,
    decided_at: decision.time,
    accepted_at: decision.time + 5,
  }
}

test('dsjson: the chosen arm first, its cost and its probability', async () => {
  const examples = [...toDsjson(await joinLog(lines(0.5), 'shop'))].map((line) => JSON.parse(line) as unknown)
  expect(examples).toEqual([
    {
      _label_cost: -0.5,
      _label_probability: 0.25,
      _label_Action: 2,
      _labelIndex: 1,
      o: [{ EventId: decision.key, v: 0.5, ActionTaken: false }],
      Timestamp: '2026-09-21T14:13:20.123Z',
      Version: '1',
      EventId: decision.key,
      a: [2, 1],
      c: { Context: decision.context, _multi: [{ Arm: { a: 1 } }, { Arm: { b: 1 } }] },
      p: [0.25, 0.75],
      VWState: { m: 'thompson' },
    },
  ])
  expect([...toDsjson(await joinLog(lines(0), 'shop'))][0]).toMatch(/^{"_label_cost":0,/)
  expect([...toDsjson(await joinLog(lines(undefined), 'shop'))]).toEqual([])
})

test('open bandit: the columns that obp reads, fields quoted where they must be', async () => {
  const { decisions, items } = toOpenBandit(await joinLog(lines(1), 'shop'))
  expect([...decisions]).toEqual([
    ',timestamp,item_id,position,click,propensity_score,user_feature_0,user_feature_1\n',
    '0,2026-09-21 14:13:20.123+00:00,1,1,1,0.25,"D""E",true\n',
  ])
  expect([...items]).toEqual([',item_id,item_feature_0,item_feature_1\n', '0,0,0,a\n', '1,1,0,b\n'])
})

test('bandit export writes a whole log in either format', async () => {
  const [dir, out] = [await tempDir(), await tempDir()]
  await logTraffic({ dir, decisions: 100, policy: 'uniform' })
  const options = { log: dir, endpoint: 'shop', out: join(out, 'log.dsjson') }
  const output = { note: (line: string) => expect.unreachable(line) }
  await runExport({ ...options, format: 'dsjson' }, output)
  await runExport({ ...options, format: 'open-bandit', out: join(out, 'obd') }, output)
  expect((await readFile(options.out, 'utf8')).trim().split('\n')).toHaveLength(100)
  expect((await readdir(join(out, 'obd'))).toSorted()).toEqual(['item_context.csv', 'shop.csv'])
  const rows = (await readFile(join(out, 'obd', 'shop.csv'), 'utf8')).trim().split('\n')
  expect(rows).toHaveLength(101)
})

test('the JSON schema in the repository is that of the lines, and real lines fit it', async () => {
  const path = join(import.meta.dirname, '../../../gateway/decision-log/schema.json')
  const written = JSON.parse(readFileSync(path, 'utf8')) as Parameters<typeof z.fromJSONSchema>[0]
  expect(written).toEqual(JSON.parse(JSON.stringify(logLineJsonSchema())))
  const schema = z.fromJSONSchema(written)
  const dir = await tempDir()
  await logTraffic({ dir, decisions: 30, policy: 'ucb1' })
  const types = new Set<string>()
  for await (const line of readLog(dir, expect.unreachable)) {
    types.add(line.type)
    expect(schema.safeParse(line).success).toBe(true)
  }
  expect([...types].toSorted()).toEqual(['decision', 'reward', 'snapshot'])
  expect(schema.safeParse({ ...decision, propensity: 2 }).success).toBe(false)
})
