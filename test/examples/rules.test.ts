import { readFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { uniformSource } from '../bandit/support/random-source.ts'
import { openContextual } from '../fixtures/contextual-gateway.ts'
import { post } from '../fixtures/gateway-app.ts'

const file = new URL('../../examples/rules/bandit.yaml', import.meta.url)

test('the example of rules does what its readme says', async () => {
  const { endpoints } = parse(await readFile(file, 'utf8')) as {
    endpoints: { digits: Record<string, unknown> }
  }
  const { arms, ...rest } = endpoints.digits
  const names = Object.keys(arms as object)
  // Arms are by name; which models are behind them does not matter here.
  const endpoint = {
    ...rest,
    arms: Object.fromEntries(names.map((name) => [name, { model: 'm' }])),
    ledger: 'signed',
  }
  const shop = await openContextual(JSON.stringify({ ...endpoint, reward: { window: '10m' } }), {
    random: uniformSource(6),
  })
  onTestFinished(() => shop.close())
  const ask = async (more: object, headers: Record<string, string> = {}) => {
    const { body } = await post(
      shop.gateway,
      '/predict',
      { inputs: { pixels: [[0, 1, 2, 3]] }, ...more },
      headers,
    )
    return body as { arm: string; decision: { rule?: string; propensity: number } }
  }

  expect(await ask({}, { 'x-beta': 'on' })).toMatchObject({
    arm: 'robust',
    decision: { rule: 'beta', propensity: 1 },
  })
  expect(await ask({ key: 'robot-7' })).toMatchObject({ arm: 'logistic', decision: { rule: 'robots' } })
  const keys = Array.from({ length: 200 }, (_, n) => `user-${n}`)
  const answers = await Promise.all(keys.map((key) => ask({ key })))
  const again = await Promise.all(keys.map((key) => ask({ key })))
  expect(again.map(({ arm }) => arm)).toEqual(answers.map(({ arm }) => arm))
  const trial = answers.filter(({ decision }) => decision.rule === 'trial')
  // Of 200 keys a fifth: beyond four standard deviations once in 10⁴; but which they are never changes.
  expect(Math.abs(trial.length - 40)).toBeLessThan(4 * Math.sqrt(200 * 0.2 * 0.8))
  expect(new Set(trial.map(({ arm }) => arm))).toEqual(new Set(['network', 'robust']))
})
