import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { countsOf, labelSender } from '../../fixtures/labels.ts'
import { isRunning } from '../../fixtures/processes.ts'
import { newStore, readSums, toCounts } from '../../fixtures/real-stores.ts'
import { startLoad } from '../../fixtures/steady-load.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

describe.each(['sqlite', 'redis'] as const)('with %s', (kind) => {
  test('kill -9 of the gateway loses no acknowledged label and counts none twice', async () => {
    const options = {
      config: await digitsConfig({ models: ['logistic', 'network'] }),
      store: await newStore[kind](),
      tmp: await tempDir(),
    }
    const first = runGateway(options)
    const origin = await first.ready()
    const labels = labelSender(createCaller(origin))
    const load = startLoad(origin, { perSecond: 150, onAnswer: labels.send })
    await waitUntil(() => labels.acknowledged().length >= 150, { what: 'labels flow', timeoutMs: 20_000 })
    first.kill('SIGKILL')
    expect(await first.exited).toBe('SIGKILL')
    await load.stop()
    const { labelled } = labels
    const answered = new Set(labelled.map(({ line }) => line.prediction_id))
    expect(answered.size).toBe(labelled.length)
    expect([...new Set(labelled.map(({ status }) => status))]).toContain(200)

    await waitUntil(() => !first.workers().some(isRunning), { what: 'no worker is left', timeoutMs: 5_000 })
    const left = await readdir(options.tmp)
    // That of its workers, and that of its copies of models.
    expect(left).toHaveLength(2)

    const second = runGateway(options)
    const caller = createCaller(await second.ready())
    const folders = await readdir(options.tmp)
    expect(folders).toHaveLength(2)
    expect(folders.filter((folder) => left.includes(folder))).toEqual([])

    // Everything once more, whether or not an answer came: ids of the first run are still good.
    const again = await Promise.all(
      labelled.map(async ({ line, status }) => {
        const reply = await caller.feedback(line)
        return { before: status, now: reply.body.status }
      }),
    )
    const forgotten = again.filter(({ before, now }) => before === 200 && now !== 'duplicate')
    expect(forgotten).toEqual([])
    expect(again.filter(({ now }) => now !== 'duplicate' && now !== 'applied')).toEqual([])
    expect(toCounts(await readSums(options.store))).toEqual(countsOf(labelled))
    await waitUntil(
      async () => {
        const arms = [...(await caller.arms()).values()]
        return arms.reduce((sum, { rewarded }) => sum + rewarded, 0) === labelled.length
      },
      { what: `${labelled.length} rewards are shown` },
    )
  })
})
