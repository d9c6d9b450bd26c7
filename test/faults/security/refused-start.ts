import { join } from 'node:path'
import { startGateway } from '../../support/gateway-process.ts'
import type { Bench } from '../bench/bench.ts'
import { demand } from '../bench/scenario.ts'

/** What a gateway says that does not start with this configuration. */
export async function refusedStart(bench: Bench, config: object): Promise<string> {
  const path = await bench.file('bandit.yaml', JSON.stringify({ journal: 'off', ...config }))
  const store = `sqlite:${join(await bench.dir(), 'bandit.db')}`
  const run = startGateway({ config: path, store, tmp: await bench.dir() })
  bench.atEnd(() => run.end())
  const origin = await run.ready().catch(() => undefined)
  demand(origin === undefined, 'it serves')
  await run.closed
  return run.stderr()
}
