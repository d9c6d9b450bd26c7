import { unaryModel } from '../fixtures/onnx-models.ts'
import { countBy } from './bench/load.ts'
import { demand, type Scenario } from './bench/scenario.ts'
import { armsOf } from './bench/views.ts'

const path = '/predict/logs'

const poison: Scenario = {
  id: 'A7c',
  does: 'lets one client send 500 rows that every model of an endpoint has only NaN for, beside 20 sound requests a second by another',
  expects: 'every sound request is answered; each of the others 502 and not to be sent again; no arm is out',
  async run(bench) {
    const onnx = await bench.file('log.onnx', unaryModel('Log', { datatype: 'FP32' }))
    const gateway = await bench.gateway({
      config: {
        models: { one: { onnx }, other: { onnx } },
        endpoints: {
          logs: {
            arms: { one: { model: 'one' }, other: { model: 'other' } },
            guardrails: { error_rate: 0.05 },
          },
        },
      },
    })
    const sound = { inputs: { x: [[1, 2]] } }
    const load = bench.load(gateway.origin, { path, body: () => sound, perSecond: 20 })
    const poisoned: Awaited<ReturnType<typeof gateway.post>>[] = []
    for (let sent = 0; sent < 500; sent += 10) {
      const some = Array.from({ length: 10 }, () => gateway.post(path, { inputs: { x: [[-1, 1]] } }))
      poisoned.push(...(await Promise.all(some)))
    }
    await load.stop()
    const others = countBy(load.answers, ({ status }) => status)
    demand(
      load.answers.every(({ status }) => status === 200),
      `sound requests: ${others}`,
    )
    const seen = countBy(poisoned, (each) => `${each.status} ${(each.body as { code?: string }).code}`)
    demand(seen === '500 × 502 unusable_answer', seen)
    const states = countBy([...(await armsOf(gateway, 'logs')).values()], ({ state }) => state)
    demand(states === '2 × active', states)
    return `${others} of the sound ones; ${seen}; ${states}`
  },
}

export const poisons: readonly Scenario[] = [poison]
