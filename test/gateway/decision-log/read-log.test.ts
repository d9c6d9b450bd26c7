import { readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { joinLog } from '../../../gateway/decision-log/join-log.ts'
import { readLog } from '../../../gateway/decision-log/read-log.ts'
import type { DecisionLine, LogLine, RewardLine } from '../../../gateway/decision-log/schema.ts'
import { tempDir } from '../../support/temp-dir.ts'

const decision = (key: string, time: number, changes: Partial<DecisionLine> = {}): DecisionLine => ({
  type: 'decision',
  key: key.padEnd(16, '-'),
  endpoint: 'shop',
  generation: '0badcafe',
  policy: 'uniform',
  arm: 'a',
  propensity: 0.5,
  time,
  snapshot: 's-1',
  arms: ['a', 'b'],
  propensities: [0.5, 0.5],
  ...changes,
})

const reward = (key: string, accepted_at: number, changes: Partial<RewardLine> = {}): RewardLine => ({
  type: 'reward',
  key: key.padEnd(16, '-'),
  endpoint: 'shop',
  arm: 'a',
  status: 'applied',
  reward: 1,
  decided_at: 1,
  accepted_at,
  ...changes,
})

const textOf = (lines: readonly object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('')

async function readAll(dir: string) {
  const notes: string[] = []
  const lines: LogLine[] = []
  for await (const line of readLog(dir, (text) => notes.push(text))) lines.push(line)
  return { lines, notes }
}

const first = 'decisions-20260101T000000Z-3f2a91bc-000001.ndjson'
const second = 'decisions-20260101T000000Z-3f2a91bc-000002.ndjson'

test('reads plain and compressed files in the order of their names, each once', async () => {
  const dir = await tempDir()
  const [a, b] = [decision('a', 1), decision('b', 2)]
  await writeFile(join(dir, second), textOf([b]))
  await writeFile(join(dir, `${first}.gz`), gzipSync(textOf([a])))
  // A process that was killed after compressing leaves both.
  await writeFile(join(dir, first), textOf([a]))
  await writeFile(join(dir, `${second}.gz.tmp`), 'half')
  await writeFile(join(dir, 'other.ndjson'), 'not ours')
  expect(await readAll(dir)).toEqual({ lines: [a, b], notes: [] })
})

test('passes over what is no line, with a note that says where', async () => {
  const dir = await tempDir()
  const broken = ['not json', '{"type":"decision"}', '{"type":"weather"}', 'null'].join('\n')
  const wrong = decision('c', 3, { arm: 'z' })
  await writeFile(
    join(dir, first),
    `${textOf([decision('a', 1)])}${broken}\n${textOf([wrong, decision('b', 2)])}`,
  )
  const { lines, notes } = await readAll(dir)
  expect(lines.map((line) => line.type === 'decision' && line.key[0])).toEqual(['a', 'b'])
  expect(notes).toEqual([2, 3, 4, 5, 6].map((line) => `${first}:${line}: not a line of a decision log`))
})

test('a last line without its newline counts when it is whole', async () => {
  const dir = await tempDir()
  const text = textOf([decision('a', 1), decision('b', 2)])
  await writeFile(join(dir, first), text.trimEnd())
  expect((await readAll(dir)).lines).toHaveLength(2)
  await writeFile(join(dir, first), text.slice(0, -20))
  const { lines, notes } = await readAll(dir)
  expect(lines).toHaveLength(1)
  expect(notes).toEqual([`${first}: the last line was never finished`])
})

test('a compressed file that ends too soon gives what it has', async () => {
  const dir = await tempDir()
  const many = Array.from({ length: 5000 }, (_, n) => decision(`k${n}`, n))
  const bytes = gzipSync(textOf(many))
  await writeFile(join(dir, `${first}.gz`), bytes.subarray(0, bytes.length - 4000))
  const { lines, notes } = await readAll(dir)
  expect(lines.length).toBeGreaterThan(100)
  expect(lines.length).toBeLessThan(5000)
  expect(notes).toHaveLength(1)
  expect(notes[0]).toContain(`${first}: cannot be read further`)
})

test("line separators inside a client's text end no line", async () => {
  const dir = await tempDir()
  const line = decision('a', 1, { context: { city: 'one\u2028two\u2029three\u0085' } })
  await writeFile(join(dir, first), textOf([line]))
  expect(await readAll(dir)).toEqual({ lines: [line], notes: [] })
})

test('a file that is compressed between two lines being read is read to its end', async () => {
  const dir = await tempDir()
  const text = textOf([decision('a', 1), decision('b', 2)])
  await writeFile(join(dir, first), text)
  await writeFile(join(dir, second), text)
  const keys: string[] = []
  for await (const line of readLog(dir, () => {})) {
    if (line.type === 'decision') keys.push(line.key[0]!)
    if (keys.length !== 1) continue
    await writeFile(join(dir, `${second}.gz`), gzipSync(readFileSync(join(dir, second))))
    await rename(join(dir, second), join(dir, 'gone'))
  }
  expect(keys).toEqual(['a', 'b', 'a', 'b'])
})

async function* each(lines: readonly LogLine[]): AsyncIterable<LogLine> {
  yield* lines
}

test('rewards join wherever they stand; the last version wins; what did not count does not', async () => {
  const log = await joinLog(
    each([
      reward('early', 5, { reward: 0.25 }),
      decision('early', 1),
      decision('twice', 2),
      reward('twice', 9, { status: 'corrected', reward: 0.5 }),
      reward('twice', 4, { reward: 1 }),
      decision('late', 3),
      reward('late', 99, { status: 'late' }),
      reward('late', 98, { status: 'invalid', reward: undefined }),
      decision('lost', 4),
      reward('lost', 7, { status: 'duplicate', reward: 0.75 }),
      decision('shown', 5),
      reward('shown', 6),
      reward('shown', 8, { status: 'void', reward: undefined }),
      decision('twice', 2),
      decision('else', 1, { endpoint: 'shoes' }),
    ]),
    'shop',
  )
  const final = new Map(log.rewards.map(({ key, reward: value }) => [key.replaceAll('-', ''), value]))
  expect(Object.fromEntries(final)).toEqual({ early: 0.25, twice: 0.5, lost: 0.75, shown: undefined })
  expect(log.decisions.map(({ key }) => key.replaceAll('-', ''))).toEqual([
    'early',
    'twice',
    'late',
    'lost',
    'shown',
  ])
  expect(log.endedAt).toBe(99)
})

test('only the newest definition of the reward is judged', async () => {
  const old = { generation: '00000000' }
  const log = await joinLog(
    each([decision('a', 1, old), reward('a', 2), decision('b', 3), decision('c', 4, old), decision('d', 5)]),
    'shop',
  )
  expect(log.decisions.map(({ key }) => key[0])).toEqual(['b', 'd'])
  expect([log.generation, log.outdated, log.rewards.length]).toEqual(['0badcafe', 2, 0])
})
