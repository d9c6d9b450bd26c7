import { createHash } from 'node:crypto'
import { link, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { takeModel } from '../../../../gateway/repository/take-model.ts'
import { externalDataOf } from '../../../../gateway/security/models/external-data.ts'
import { openOnnxModel } from '../../../../model-workers/onnx.ts'
import { modelPath } from '../../../fixtures/digits-config.ts'
import { externalForms, externalModel, loopModel, stackModel } from '../../../fixtures/onnx-models.ts'
import { tempDir } from '../../../support/temp-dir.ts'

async function faultOf(path: string, sha256?: string): Promise<string | undefined> {
  const taken = await takeModel({ path, sha256 })
  return typeof taken === 'string' ? taken : undefined
}

/** A secret beside the folder of models, and every way to it from within. */
async function open() {
  const dir = await tempDir()
  const folder = join(dir, 'models')
  await mkdir(join(folder, 'deep'), { recursive: true })
  await mkdir(join(dir, 'secrets'))
  const secret = join(dir, 'secrets', 'secret')
  await writeFile(secret, Buffer.from(new Float32Array([3, 4]).buffer))
  await symlink(secret, join(folder, 'link'))
  await symlink(join(dir, 'secrets'), join(folder, 'way'))
  await link(secret, join(folder, 'hard'))
  await writeFile(join(folder, 'deep', 'weights'), Buffer.from(new Float32Array([1, 2]).buffer))
  await symlink(join('deep', 'weights'), join(folder, 'near'))
  const path = join(folder, 'm.onnx')
  return { dir, folder, secret, path }
}

describe.each(externalForms)('a tensor of a file elsewhere, in the form of %s', (form) => {
  test('is refused, by whatever way', async () => {
    const { secret, path } = await open()
    const ways = ['../secrets/secret', 'deep/../../secrets/secret', secret, 'link', 'way/secret', 'hard']
    for (const location of ways) {
      await writeFile(path, externalModel(form, location))
      expect(await faultOf(path), location).toMatch(
        /m\.onnx is not loaded: it takes tensors from ".*(outside its folder|a hard link)/,
      )
    }
  })

  test('is taken from the folder of the model', async () => {
    const { path } = await open()
    for (const location of ['deep/weights', './deep/weights', 'near', 'not-there-yet']) {
      await writeFile(path, externalModel(form, location))
      expect(await externalDataOf(path)).toEqual([location])
      expect(await faultOf(path), location).toBeUndefined()
    }
  })
})

test('these are models: the runtime computes with them, and would do so with the file of a hard link', async () => {
  const { path } = await open()
  const compute = async (location: string) => {
    await writeFile(path, externalModel('initializer', location))
    const model = await openOnnxModel({
      path,
      name: 'm',
      version: '1',
      logger: { warn: vi.fn<() => void>() },
    })
    onTestFinished(() => model.close())
    const bytes = new Uint8Array(new Float32Array([10, 20]).buffer)
    const [output] = await model.infer({ inputs: [{ name: 'x', datatype: 'FP32', shape: [2], bytes }] })
    return [...new Float32Array(Uint8Array.from(output!.bytes).buffer)]
  }
  expect(await compute('deep/weights')).toEqual([11, 22])
  expect(await compute('hard')).toEqual([13, 24])
})

test('a pin says nothing of what is in other files, so they are refused with it', async () => {
  const { path } = await open()
  const bytes = externalModel('initializer', 'deep/weights')
  await writeFile(path, bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  expect(await faultOf(path, sha256)).toContain('takes tensors from other files')
})

test('a model by a link is judged where it lies, and where the link is', async () => {
  const { dir, folder, path } = await open()
  await writeFile(path, externalModel('initializer', 'deep/weights'))
  const alias = join(dir, 'm.onnx')
  await symlink(path, alias)
  expect(await faultOf(alias)).toBeUndefined()
  await mkdir(join(dir, 'deep'))
  await symlink(join(folder, 'hard'), join(dir, 'deep', 'weights'))
  expect(await faultOf(alias)).toMatch(/outside its folder|a hard link/)
})

test('a whole model has none', async () => {
  const { path } = await open()
  expect(await externalDataOf(modelPath('network'))).toEqual([])
  for (const bytes of [loopModel(), stackModel(3)]) {
    await writeFile(path, bytes)
    expect(await externalDataOf(path)).toEqual([])
  }
})

describe('a file that is all parts', () => {
  const part = (tag: number, bytes: Buffer) => Buffer.concat([Buffer.from([tag, ...lengthOf(bytes)]), bytes])
  const lengthOf = ({ length }: Buffer): number[] => {
    const digits = []
    for (let rest = length; ; rest = Math.floor(rest / 128)) {
      if (rest < 128) return [...digits, rest]
      digits.push((rest % 128) + 128)
    }
  }
  const named = (location: string) =>
    part(0x6a, Buffer.concat([part(0x0a, Buffer.from('location')), part(0x12, Buffer.from(location))]))

  test('leaves others their turn while it is read', async () => {
    const { path } = await open()
    const fields = 500_000
    await writeFile(path, Buffer.alloc(2 * fields, Buffer.from([0x3a, 0])))
    let turns = 0
    let other = setImmediate(function count() {
      turns++
      other = setImmediate(count)
    })
    expect(await externalDataOf(path)).toEqual([])
    clearImmediate(other)
    expect(turns).toBeGreaterThan(fields / 2 ** 16)
  })

  test('is refused where it names files without end, in many places or in one', async () => {
    const { path } = await open()
    const tensors = Array.from({ length: 10_001 }, (_, at) => part(0x2a, named(`w${at}`)))
    await writeFile(path, part(0x3a, Buffer.concat(tensors)))
    expect(await faultOf(path)).toContain('it takes tensors from more than 10000 files')
    const entry = part(0x6a, Buffer.concat(Array.from({ length: 2000 }, () => part(0x0a, Buffer.from('k')))))
    await writeFile(path, part(0x3a, part(0x2a, entry)))
    expect(await faultOf(path)).toContain('it says more of one tensor than there is to say')
  })
})

describe('what hides it', () => {
  const head = externalModel('initializer', 'deep/weights')

  test('parts that nobody knows, groups, and numbers of fields beyond 32 bits', async () => {
    const { path } = await open()
    const unknown = Buffer.from([0xfa, 0x3e, 2, 1, 1, 0xf3, 0x3e, 0x3a, 1, 9, 0xf4, 0x3e])
    // The tag of the graph, 7, with a bit that readers of protobuf cut off.
    const graph = Buffer.from(externalModel('initializer', '../x'))
    const at = graph.indexOf(Buffer.from([0x3a]), 0)
    const cut = Buffer.concat([
      graph.subarray(0, at),
      Buffer.from([0xba, 0x80, 0x80, 0x80, 0x10]),
      graph.subarray(at + 1),
    ])
    await writeFile(path, Buffer.concat([unknown, head, cut]))
    expect(await externalDataOf(path)).toEqual(['deep/weights', '../x'])
  })

  test('texts that are longer than any path', async () => {
    const { path } = await open()
    await writeFile(path, Buffer.concat([externalModel('Constant', 'x'.repeat(100_000)), head]))
    expect(await externalDataOf(path)).toEqual(['', 'deep/weights'])
  })

  test('no bytes whatever make it fail otherwise than by saying that they are no message', async () => {
    const { path } = await open()
    const bytes = await readFile(modelPath('logistic'))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 }),
        fc.nat(bytes.length),
        async (flips, length) => {
          const mutated = Buffer.from(bytes.subarray(0, length))
          for (const [at, value] of flips) if (at < length) mutated[at] = value
          await writeFile(path, mutated)
          expect((await externalDataOf(path)) ?? []).toBeInstanceOf(Array)
        },
      ),
      { numRuns: 200, seed: 6 },
    )
  })
})
