import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { newStore } from '../../fixtures/real-stores.ts'
import { images } from '../../fixtures/steady-load.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const steer = async (origin: string, arm: string, change: object) =>
  fetch(`${origin}/endpoints/digits/arms/${arm}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  })

test.each(['sqlite', 'redis'] as const)(
  'an arm paused through one gateway gets nothing from any, restarted ones included, until it is resumed (%s)',
  async (kind) => {
    const store = await newStore[kind]()
    const config = await digitsConfig({ models: ['logistic', 'tree'] })
    const tmp = await tempDir()
    const start = (at: number) =>
      runGateway({ config, store, tmp, args: [`--journal=${join(dirname(config), `journal-${at}.db`)}`] })
    const [one, other] = [start(0), start(1)]
    const [oneOrigin, otherOrigin] = await Promise.all([one.ready(), other.ready()])
    const armsOf = async (origin: string, count = 40) => {
      const caller = createCaller(origin)
      const replies = await Promise.all(
        Array.from({ length: count }, (_, at) => caller.predict(images[at]!.pixels)),
      )
      expect(replies.filter(({ status }) => status !== 200)).toEqual([])
      return new Set(replies.map(({ body }) => body.arm))
    }
    expect(await armsOf(otherOrigin)).toEqual(new Set(['logistic', 'tree']))

    const paused = await steer(oneOrigin, 'tree', { state: 'paused' })
    expect([paused.status, await paused.json()]).toEqual([200, expect.objectContaining({ state: 'paused' })])
    expect(await armsOf(oneOrigin)).toEqual(new Set(['logistic']))
    const stateOn = async (origin: string) => (await createCaller(origin).arms()).get('tree')!.state
    await waitUntil(async () => (await stateOn(otherOrigin)) === 'paused', {
      what: 'the other gateway follows',
      timeoutMs: 2000,
    })
    expect(await armsOf(otherOrigin)).toEqual(new Set(['logistic']))

    other.kill('SIGKILL')
    await other.exited
    const again = start(1)
    const againOrigin = await again.ready()
    expect(await armsOf(againOrigin)).toEqual(new Set(['logistic']))

    expect((await steer(againOrigin, 'tree', { state: 'active' })).status).toBe(200)
    await waitUntil(async () => (await stateOn(oneOrigin)) === 'active', {
      what: 'the first gateway follows',
      timeoutMs: 2000,
    })
    expect(await armsOf(oneOrigin)).toEqual(new Set(['logistic', 'tree']))
    const told = [one, again].map((gateway) =>
      gateway.log().flatMap((line) => (line as { event?: { kind: string } }).event?.kind ?? []),
    )
    // A busy machine has other things to tell.
    const steered = told.map((kinds) => kinds.filter((kind) => /^arm_(paused|resumed)$/.test(kind)))
    expect(steered).toEqual([['arm_paused'], ['arm_resumed']])
  },
  30_000,
)
