import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { forgetStates } from '../../../cli/checkpoint/forget.ts'
import { restoreStates } from '../../../cli/checkpoint/restore.ts'
import { saveStates } from '../../../cli/checkpoint/save.ts'
import { showStates } from '../../../cli/checkpoint/show.ts'
import { loadConfig, loadEnvironment } from '../../../gateway/load-config.ts'
import { openStates } from '../../../gateway/wiring/open-states.ts'
import { keyOf, reward } from '../../contract/store/fixture.ts'
import { tempDir } from '../../support/temp-dir.ts'

/** A configuration of two endpoints, and what commands print of it. */
async function newShop() {
  const dir = await tempDir()
  const config = join(dir, 'bandit.yaml')
  const endpoint = (window: string) => ({ arms: { a: { model: 'm' } }, reward: { window } })
  const write = (digits: string) =>
    writeFile(
      config,
      JSON.stringify({
        models: { m: { onnx: 'm.onnx' } },
        endpoints: { digits: endpoint(digits), other: endpoint('1h') },
      }),
    )
  await write('10m')
  const said: string[] = []
  const print = (line: string): void => void said.push(line)
  const url = (name: string) => `sqlite:${join(dir, name)}`
  return {
    dir,
    url,
    redefine: () => write('11m'),
    said: () => said.splice(0).map((line) => line.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'T')),
    show: (store: string) => showStates({ config, store: url(store) }, print),
    save: (store: string, folder?: string) =>
      saveStates({ config, store: url(store), ...(folder !== undefined && { folder }) }, print),
    restore: (store: string, more: object = {}) =>
      restoreStates({ config, store: url(store), ...more }, print),
    forget: (store: string) => forgetStates({ config, store: url(store) }, print),
    async teach(store: string): Promise<void> {
      const loaded = await loadConfig(config)
      await using states = await openStates({ ...loaded, store: url(store) }, loadEnvironment())
      const { store: digits } = states.endpoints[0]!
      const decidedAt = Date.now()
      const place = { decidedAt, acceptedAt: decidedAt, epoch: 0, bucket: Math.floor(decidedAt / 5000) }
      for (const n of [1, 2, 3]) await digits.applyReward(reward({ key: keyOf(n), ...place }))
    },
  }
}

test('what one store has learned is saved, shown and given to another', async () => {
  const shop = await newShop()
  await shop.teach('one.db')
  await shop.save('one.db')
  expect(shop.said()).toEqual([
    expect.stringMatching(/^digits: 3 rewarded predictions saved, \d+ bytes$/),
    expect.stringMatching(/^other: 0 rewarded predictions saved, \d+ bytes$/),
  ])
  await shop.show('two.db')
  expect(shop.said()).toEqual([
    'digits: began T with nothing known before it; 0 rewarded predictions of 0 arms',
    'digits: newest checkpoint of T with 3 rewarded predictions, one of 1',
    'other: began T with nothing known before it; 0 rewarded predictions of 0 arms',
    'other: newest checkpoint of T with 0 rewarded predictions, one of 1',
  ])
  await shop.restore('two.db')
  expect(shop.said()[0]).toBe('digits: 3 rewarded predictions of T given back')
  await shop.restore('two.db')
  expect(shop.said()[0]).toBe('digits: nothing given back, its data began with what was given back')
  await shop.restore('one.db')
  expect(shop.said()[0]).toBe('digits: no checkpoint from before the store was emptied')
  await shop.forget('two.db')
  expect(shop.said()[0]).toBe('digits: nothing to forget, its data began with what was given back')
})

test('a file is given back by its name, unless it is not whole, of another endpoint or of another definition', async () => {
  const shop = await newShop()
  await shop.teach('one.db')
  const folder = join(shop.dir, 'backup')
  await shop.save('one.db', folder)
  const file = join(
    folder,
    (await readdir(folder)).find((name) => name.startsWith('digits'))!,
  )
  await shop.forget('two.db')
  shop.said()
  await shop.restore('two.db', { file })
  // Forgetting is for good.
  expect(shop.said()).toEqual(['digits: nothing given back, its data began anew, as was said'])
  await shop.restore('three.db', { file })
  expect(shop.said()).toEqual(['digits: 3 rewarded predictions of T given back'])

  await shop.redefine()
  await expect(shop.restore('four.db', { file })).rejects.toThrow(/of another definition of digits/)
  await writeFile(file, (await readFile(file, 'utf8')).replace('"a/', '"b/'))
  await expect(shop.restore('four.db', { file })).rejects.toThrow(/is no whole checkpoint: try an older one/)
  await expect(shop.restore('four.db', { file: `${file}x` })).rejects.toThrow(/cannot read/)
})
