import { expect, onTestFinished, test } from 'vitest'
import { openInProcess } from './in-process.ts'
import type { FuzzAnswer } from './judge.ts'
import { runFuzz } from './run-fuzz.ts'

async function openTarget() {
  const target = await openInProcess(1)
  onTestFinished(() => target.close())
  return target
}

test('whatever is sent is answered as the document says, and never by a fault of ours', async () => {
  const byStatus = await runFuzz(await openTarget(), { requests: 3000, seed: 1 })
  // It has been everywhere: accepted, and refused in all ways.
  for (const status of [200, 400, 403, 404, 405, 415, 422]) expect([...byStatus.keys()]).toContain(status)
})

const changed = (answer: FuzzAnswer, change: Partial<FuzzAnswer>): FuzzAnswer => ({ ...answer, ...change })

test.each<[string, (answer: FuzzAnswer) => FuzzAnswer]>([
  ['a fault of ours', (answer) => changed(answer, { status: 500 })],
  [
    'a code that is not known',
    (answer) => changed(answer, { text: answer.text!.replace('unknown_', 'odd_') }),
  ],
  [
    'a status that is not foreseen',
    (answer) => (answer.status === 422 ? changed(answer, { status: 418 }) : answer),
  ],
  [
    'a field that is not documented',
    (answer) => changed(answer, { text: answer.text!.replace('{', '{"more":1,') }),
  ],
])('%s would be found', async (_, spoil) => {
  const target = await openTarget()
  const send: typeof target.send = async (request, manner) => spoil((await target.send(request, manner))!)
  await expect(runFuzz({ ...target, send }, { requests: 300, seed: 1 })).rejects.toThrow(/Property failed/)
})

test('what is taken and ought not to be would be found', async () => {
  const target = await openTarget()
  const taken = {
    status: 200,
    headers: new Headers({ 'content-type': 'application/json' }),
    text: '{"status":"alive"}',
  }
  const send: typeof target.send = async (request, manner) =>
    request.method === 'PUT'
      ? { ...taken, text: '{"name":"first","state":"active","replicas":[]}' }
      : target.send(request, manner)
  await expect(runFuzz({ ...target, send }, { requests: 1000, seed: 1 })).rejects.toThrow(/Property failed/)
})

test('a series with the word of a caller would be found', async () => {
  const target = await openTarget()
  const metrics = async (): Promise<string> => 'bandit_requests_total{route="__proto__"} 1'
  await expect(runFuzz({ ...target, metrics }, { requests: 1, seed: 1 })).rejects.toThrow(/word is a label/)
})
