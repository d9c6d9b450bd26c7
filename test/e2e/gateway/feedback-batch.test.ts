import { describe, expect, test } from 'vitest'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { newStore, readSums, toCounts } from '../../fixtures/real-stores.ts'
import { images } from '../../fixtures/steady-load.ts'
import { tempDir } from '../../support/temp-dir.ts'

describe.each(['sqlite', 'redis'] as const)('with %s', (kind) => {
  test('of a thousand lines with a bad one 999 are applied, and none of them a second time', async () => {
    const store = await newStore[kind]()
    const config = await digitsConfig({ models: ['logistic'], from: 'reward' })
    const gateway = runGateway({ config, store, tmp: await tempDir() })
    const caller = createCaller(await gateway.ready(), 32)
    const replies = await Promise.all(
      Array.from({ length: 999 }, (_, at) => caller.predict(images[at % images.length]!.pixels)),
    )
    const lines = replies.map(({ body }, at) => ({ prediction_id: body.prediction_id, reward: at % 2 }))
    const batch = [...lines.slice(0, 500), '{"prediction_id": oops', ...lines.slice(500)]

    const refused = [expect.objectContaining({ line: 501, code: 'malformed_json', status: 400 })]
    const first = await caller.feedbackLines(batch)
    expect([first.status, first.body]).toEqual([200, { counts: { applied: 999, invalid: 1 }, refused }])
    const learned = await readSums(store)
    expect(toCounts(learned)).toEqual({ logistic: [999, 499] })

    const second = await caller.feedbackLines(batch)
    expect([second.status, second.body]).toEqual([200, { counts: { duplicate: 999, invalid: 1 }, refused }])
    expect(await readSums(store)).toEqual(learned)
  })
})
