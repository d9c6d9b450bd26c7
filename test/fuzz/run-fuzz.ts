import fc from 'fast-check'
import type { OpenApiDocument } from '../fixtures/openapi.ts'
import { hostileNames } from './hostile.ts'
import { createJudge, type FuzzAnswer } from './judge.ts'
import { manners, type Manner } from './manner.ts'
import { fuzzRequests, idPlaceholder, type FuzzRequest, type Known } from './requests.ts'

/** A gateway under test. */
export interface FuzzTarget {
  readonly document: OpenApiDocument
  readonly known: Known
  /** Undefined where the connection was closed before all was sent, or the client would not send it. */
  send(request: FuzzRequest, manner: Manner): Promise<FuzzAnswer | undefined>
  /** Lines of its log that tell of a fault of its own. */
  faults(): readonly string[]
  forgetLog(): void
  metrics(): Promise<string>
  close(): Promise<void>
}

export interface FuzzOptions {
  readonly requests: number
  readonly seed: number
  readonly told?: (done: number, byStatus: ReadonlyMap<number, number>) => void
}

const chunk = 1000
const plainly: Manner = { kind: 'whole', at: 0 }

/**
 * Sends what the document of the target suggests, spoilt in all ways, and judges every answer.
 *
 * @returns answers by status
 * @throws with the smallest request that breaks a promise
 */
export async function runFuzz(
  target: FuzzTarget,
  options: FuzzOptions,
): Promise<ReadonlyMap<number, number>> {
  const judge = createJudge(target.document)
  const sent = fc.tuple(fuzzRequests(target.document, target.known), manners)
  const byStatus = new Map<number, number>()
  const rejections: unknown[] = []
  const rejected = (reason: unknown): void => void rejections.push(reason)
  process.on('unhandledRejection', rejected)
  let newestId = 'AQ'

  async function tryOne([drawn, manner]: [FuzzRequest, Manner]): Promise<void> {
    const request = { ...drawn, body: withId(drawn.body, newestId) }
    const answer = await target.send(request, manner)
    if (answer === undefined) return
    byStatus.set(answer.status, (byStatus.get(answer.status) ?? 0) + 1)
    newestId = /"prediction_id":"([\w-]{40,})"/.exec(answer.text ?? '')?.[1] ?? newestId
    await release(request, answer)
    judge(request, answer)
  }

  /** Arms that the fuzz has paused, or left no share to, are given back, so that there is somebody to ask. */
  async function release({ address, method }: FuzzRequest, { status }: FuzzAnswer): Promise<void> {
    if (status !== 200 || (method !== 'PUT' && !address.endsWith('/unload'))) return
    const body = Buffer.from('{"state":"active","min_share":null,"max_share":null}')
    const headers = { 'content-type': 'application/json' }
    for (const arm of target.known.arms)
      for (const endpoint of target.known.endpoints)
        await target.send(
          { method: 'PUT', address: `/endpoints/${endpoint}/arms/${arm}`, headers, body },
          plainly,
        )
  }

  try {
    for (let done = 0; done < options.requests; done += chunk) {
      const numRuns = Math.min(chunk, options.requests - done)
      await fc.assert(fc.asyncProperty(sent, tryOne), { numRuns, seed: options.seed + done })
      if (rejections.length > 0) throw new Error('a rejection that nobody handles', { cause: rejections[0] })
      const [fault] = target.faults()
      if (fault !== undefined) throw new Error(`the log tells of a fault: ${fault}`)
      target.forgetLog()
      options.told?.(done + numRuns, byStatus)
    }
    checkSeries(await target.metrics())
  } finally {
    process.off('unhandledRejection', rejected)
  }
  return byStatus
}

function withId(body: Buffer | undefined, id: string): Buffer | undefined {
  if (body === undefined || !body.includes(idPlaceholder)) return body
  return Buffer.from(body.toString().replaceAll(idPlaceholder, id))
}

/** Labels are few, and none of them is what a caller has made up. */
const mostSeries = 3000

function checkSeries(metrics: string): void {
  const lines = metrics.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  if (lines.length > mostSeries) throw new Error(`${lines.length} series`)
  for (const name of hostileNames.filter((each) => each !== '')) {
    const line = lines.find((each) => each.includes(`"${name}"`))
    if (line !== undefined) throw new Error(`a caller's word is a label: ${line.slice(0, 300)}`)
  }
}
