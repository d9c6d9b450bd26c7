import { readFile, writeFile } from 'node:fs/promises'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import type { OtlpReceiver, ReceivedSpan } from '../../fixtures/otlp-receiver.ts'
import { newStore } from '../../fixtures/real-stores.ts'
import { images } from '../../fixtures/steady-load.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

export const { pixels, label } = images[0]!

/** A gateway with these variables, and more in the configuration of its endpoint. */
export const start = async (
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  endpoint: object = {},
) => {
  const store = await newStore.sqlite()
  const config = await digitsConfig({ models: ['logistic'] })
  const written = JSON.parse(await readFile(config, 'utf8'))
  Object.assign(written.endpoints.digits, endpoint)
  await writeFile(config, JSON.stringify(written))
  const gateway = runGateway({ config, store, tmp: await tempDir(), env, args })
  const origin = await gateway.ready()
  return { gateway, origin, caller: createCaller(origin) }
}

export const arrived = ({ spans }: OtlpReceiver, name: string, count = 1): Promise<ReceivedSpan[]> =>
  waitUntil(
    () => {
      const found = spans.filter((span) => span.name === name)
      return found.length >= count && found
    },
    { what: `${count} spans "${name}" have arrived` },
  )

/** Decisions alone: a machine that is busy has overload to tell of, too. */
export const evaluationsIn = ({ events }: OtlpReceiver) =>
  events.filter(({ eventName }) => eventName === 'feature_flag.evaluation')
