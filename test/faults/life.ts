import { readdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { waitUntil } from '../support/wait-until.ts'
import { digits, imageBody, predictPath } from './bench/digits.ts'
import { openRaw } from './http/raw.ts'
import { countBy } from './bench/load.ts'
import { rewardedLoad, type Sent } from './bench/rewards.ts'
import { demand, type Scenario } from './bench/scenario.ts'
import { armsOf } from './bench/views.ts'

const config = digits({ models: ['logistic', 'network'] })

const killed: Scenario = {
  id: 'F1',
  shownBy: 'test/e2e/gateway/gateway-killed.test.ts',
  does: 'kills the gateway with SIGKILL twice under 150 predictions and rewards a second',
  expects:
    'no acknowledged reward lost or doubled; workers gone within 4 s, sockets removed by the next start',
  async run(bench) {
    const tmp = await bench.dir()
    const store = `sqlite:${await bench.dir()}/bandit.db`
    const sent: Sent[] = []
    let orphansMs = 0
    for (let kill = 0; kill < 2; kill++) {
      const gateway = await bench.gateway({ config, store, tmp })
      const load = rewardedLoad(bench, gateway, sent)
      const before = sent.length
      await waitUntil(() => sent.length > before + 40, { what: 'rewards flow', timeoutMs: 20_000 })
      await sleep(Math.random() * 200)
      gateway.process.kill('SIGKILL')
      await gateway.process.exited
      const deadAt = performance.now()
      await waitUntil(() => !gateway.process.workers().some(runs), {
        what: 'no worker is left',
        timeoutMs: 6000,
      })
      orphansMs = Math.max(orphansMs, performance.now() - deadAt)
      await load.stop()
    }
    const last = await bench.gateway({ config, store, tmp })
    const again = await Promise.all(
      sent.map(async ({ prediction_id, status }) => {
        const { body } = await last.post('/feedback', { prediction_id, reward: 1 })
        return `${status === 200 ? 'acknowledged' : 'unknown'} ${(body as { status: string }).status}`
      }),
    )
    const seen = countBy(again, (each) => each)
    const lost = again.filter((each) => each === 'acknowledged applied').length
    const odd = again.filter((each) => !/ (applied|duplicate)$/.test(each)).length
    demand(lost === 0 && odd === 0, seen)
    await waitUntil(
      async () => {
        const arms = [...(await armsOf(last)).values()]
        return arms.reduce((sum, { rewarded }) => sum + rewarded, 0) === sent.length
      },
      { what: `exactly ${sent.length} rewards are counted` },
    )
    const folders = (await readdir(tmp)).length
    demand(folders === 2, `${folders} folders of sockets and copies of models are left`)
    demand(orphansMs <= 4000, `a worker lived on for ${Math.round(orphansMs)} ms`)
    return `${sent.length} rewards, counted once each: ${seen}; workers gone within ${Math.round(orphansMs)} ms`
  },
}

const stopped: Scenario = {
  id: 'F2',
  does: 'stops the gateway with SIGTERM under load, with idle, half-open and dribbling connections',
  alone: true,
  expects:
    'no request that was sent is answered with an error, 1 % at most meet a connection that is closed in their very moment; exit code 0 within 3 s',
  async run(bench) {
    const gateway = await bench.gateway({ config })
    const idle = Array.from({ length: 20 }, () => openRaw(bench, gateway.origin))
    const half = Array.from({ length: 20 }, () => openRaw(bench, gateway.origin))
    for (const raw of half) raw.write('POST /predict/digits HTTP/1.1\r\nHost: localhost\r\nContent-Le')
    const load = bench.load(gateway.origin, { path: predictPath, body: imageBody, perSecond: 200 })
    await waitUntil(() => load.answers.length > 100, { what: 'answers come', timeoutMs: 20_000 })
    const stoppedAt = performance.now()
    gateway.process.kill('SIGTERM')
    const code = await gateway.process.exited
    const ms = performance.now() - stoppedAt
    await load.stop()
    for (const { socket } of idle) socket.destroy()
    const errors = load.answers.filter(({ status }) => typeof status === 'number' && status !== 200)
    // Whoever comes after the end finds no connection; whoever was connected must not be dropped with a request.
    const statuses = countBy(load.answers, ({ status }) => status)
    demand(errors.length === 0, statuses)
    demand(code === 0, `exit code ${code}`)
    demand(ms <= 3000, `it took ${Math.round(ms)} ms`)
    const dropped = load.answers.filter(
      ({ status }) => status === 'ECONNRESET' || status === 'UND_ERR_SOCKET',
    )
    // Who sends on an idle connection while it is being closed cannot be helped from this side.
    demand(
      dropped.length <= 0.01 * load.answers.length,
      `${dropped.length} requests were dropped with their connection: ${statuses}`,
    )
    return `exit code 0 after ${Math.round(ms)} ms; ${statuses}`
  },
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

export const life: readonly Scenario[] = [killed, stopped]
