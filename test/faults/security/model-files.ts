import { link, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { externalForms, externalModel } from '../../fixtures/onnx-models.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { demand, type Scenario } from '../bench/scenario.ts'
import { refusedStart } from './refused-start.ts'

const files: Scenario = {
  id: 'G6',
  does: `serves models that take a tensor from a file elsewhere, in ${externalForms.length} forms, by .., an absolute path, a link, a linked folder and a hard link; overwrites one that is sound, and kills its worker`,
  expects: 'none is loaded, each is told; one beside its weights is, and stays what it was',
  shownBy: 'test/gateway/security/models/external-data.test.ts',
  async run(bench) {
    const dir = await bench.dir()
    const folder = join(dir, 'models')
    await mkdir(join(dir, 'secrets'))
    await mkdir(folder)
    const secret = join(dir, 'secrets', 'secret')
    for (const path of [secret, join(folder, 'weights')])
      await writeFile(path, Buffer.from(new Float32Array([3, 4]).buffer))
    await symlink(secret, join(folder, 'link'))
    await symlink(join(dir, 'secrets'), join(folder, 'way'))
    await link(secret, join(folder, 'hard'))
    const ways = ['../secrets/secret', secret, 'link', 'way/secret', 'hard']
    const models: Record<string, { onnx: string }> = {}
    for (const [number, form] of externalForms.entries()) {
      for (const [at, way] of ways.entries()) {
        const onnx = join(folder, `m${number}-${at}.onnx`)
        await writeFile(onnx, externalModel(form, way))
        models[`m${number}-${at}`] = { onnx }
      }
    }
    const said = await refusedStart(bench, {
      models,
      endpoints: { e: { arms: { only: { model: 'm0-0' } } } },
    })
    const missed = Object.keys(models).filter((name) => !said.includes(`${name}: `))
    demand(missed.length === 0, `not refused: ${missed.join(', ')}`)
    const onnx = join(folder, 'sound.onnx')
    await writeFile(onnx, externalModel('initializer', 'weights'))
    const gateway = await bench.gateway({
      config: {
        models: { sound: { onnx, max_batch: 1 } },
        endpoints: { e: { arms: { only: { model: 'sound' } } } },
      },
    })
    const { status, text } = await gateway.post('/predict/e', { inputs: { x: [10, 20] } })
    demand(status === 200 && text.includes('[13,24]'), `the sound one answers ${status} ${text}`)
    const before = gateway.process.workerOf('sound')!
    for (const path of [onnx, join(folder, 'weights')]) await writeFile(path, 'something else')
    process.kill(before, 'SIGKILL')
    const again = await waitUntil(
      async () => {
        const said = await gateway.post('/predict/e', { inputs: { x: [10, 20] } })
        return gateway.process.workerOf('sound') !== before && said.status === 200 && said.text
      },
      { what: 'its worker is back', timeoutMs: 20_000 },
    )
    demand(again.includes('[13,24]'), `its next worker answers ${again}`)
    return `${Object.keys(models).length} models refused in one start, each by name; the sound one computes, and with other files in its place its next worker does too`
  },
}

export const fileScenarios: readonly Scenario[] = [files]
