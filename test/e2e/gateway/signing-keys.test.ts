import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { newStore } from '../../fixtures/real-stores.ts'
import { images } from '../../fixtures/steady-load.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const secrets = [1, 2].map((id) => `${id}:${randomBytes(32).toString('base64url')}`)
const [old, fresh] = secrets as [string, string]
const { pixels, label } = images[0]!

test('ids outlive the key that sealed them as long as it is there, and no longer', async () => {
  const store = await newStore.sqlite()
  const config = await digitsConfig({ models: ['logistic'] })
  const file = join(await tempDir(), 'keys')
  /** One gateway with these keys, asked by `use` and stopped. */
  const serve = async <T>(
    keys: readonly string[],
    use: (caller: ReturnType<typeof createCaller>) => Promise<T>,
  ) => {
    await writeFile(file, `${keys.join('\n')}\n`)
    const gateway = runGateway({
      config,
      store,
      tmp: await tempDir(),
      env: { BANDIT_SIGNING_KEYS_FILE: file },
    })
    const result = await use(createCaller(await gateway.ready()))
    gateway.kill('SIGTERM')
    expect(await gateway.exited).toBe(0)
    return result
  }
  const predict = async (caller: ReturnType<typeof createCaller>) =>
    (await caller.predict(pixels)).body.prediction_id

  const [first, second] = await serve([old], async (caller) => [await predict(caller), await predict(caller)])
  const third = await serve([fresh, old], async (caller) => {
    expect((await caller.feedback({ prediction_id: first, label })).body).toMatchObject({ status: 'applied' })
    expect((await caller.feedback({ prediction_id: first, label })).body).toMatchObject({
      status: 'duplicate',
    })
    return predict(caller)
  })
  await serve([fresh], async (caller) => {
    expect((await caller.feedback({ prediction_id: second, label })).status).toBe(403)
    expect((await caller.feedback({ prediction_id: third, label })).body).toMatchObject({ status: 'applied' })
    const known = async () => {
      const { pulls, rewarded } = (await caller.arms()).get('logistic')!
      return pulls === 3 && rewarded === 2
    }
    await waitUntil(known, { what: 'three pulls and two rewards are known' })
  })
})
