/**
 * `npm run fuzz`: asks the gateway, in this process, everything that its own OpenAPI document suggests, and much that it
 * does not; with `--tcp` one in a process of its own, through its socket. The first request that breaks a promise is made as
 * small as can be, and told with its seed.
 *
 *     npm run fuzz -- --requests 1000000 --seed 7
 *     npm run fuzz -- --tcp --requests 100000
 */
import { parseArgs } from 'node:util'
import { openInProcess } from './in-process.ts'
import { openOverTcp } from './over-tcp.ts'
import { runFuzz } from './run-fuzz.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    tcp: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
  },
})
const seed = Number(values.seed)
const toldEvery = 50_000
const target = await (values.tcp ? openOverTcp() : openInProcess(seed))
const startedAt = performance.now()
try {
  const byStatus = await runFuzz(target, {
    requests: Number(values.requests),
    seed,
    told: (done) => {
      if (done % toldEvery === 0) console.log(`${done} requests, ${seconds()} s`)
    },
  })
  const counts = [...byStatus].sort(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`)
  console.log(
    `held for ${values.requests} requests with seed ${seed} in ${seconds()} s: ${counts.join(', ')}`,
  )
} finally {
  await target.close()
}

function seconds(): string {
  return ((performance.now() - startedAt) / 1000).toFixed(0)
}
