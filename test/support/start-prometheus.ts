import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { freePort } from './free-port.ts'
import { tempDir } from './temp-dir.ts'
import { waitUntil } from './wait-until.ts'

export interface Sample {
  readonly metric: Readonly<Record<string, string>>
  /** Undefined where it is not a number. */
  readonly value: number | undefined
}

export interface Prometheus {
  /** The answer to an instant query; rejects with Prometheus's own words when it does not take the expression. */
  query(expr: string): Promise<readonly Sample[]>
  /** What went wrong with each rule that could not be evaluated when it was last. */
  brokenRules(): Promise<readonly string[]>
}

/** A Prometheus on a free loopback port with all its data in a temporary folder; it ends with the running test. */
export const startPrometheus = async (configPath: string): Promise<Prometheus> => {
  const data = join(await tempDir(), 'data')
  await mkdir(data)
  const origin = `http://127.0.0.1:${await freePort()}`
  const child = spawn(
    'prometheus',
    [
      `--config.file=${configPath}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=${new URL(origin).host}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  // Where there is no such program nothing starts, so nothing ends.
  const ended = once(child, 'exit').catch(() => undefined)
  if (child.pid === undefined)
    throw new Error('there is no prometheus on PATH: install the package prometheus')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  await waitUntil(
    async () => {
      if (child.exitCode !== null) return true
      const { ok } = await fetch(`${origin}/-/ready`)
      return ok
    },
    { what: 'Prometheus is ready', timeoutMs: 20_000, intervalMs: 50 },
  )
  if (child.exitCode !== null) throw new Error(`Prometheus ended with ${child.exitCode}:\n${log}`)

  return {
    async query(expr) {
      const response = await fetch(`${origin}/api/v1/query`, {
        method: 'POST',
        body: new URLSearchParams({ query: expr }),
      })
      const answer = (await response.json()) as {
        status: string
        error?: string
        data: { result: { metric: Record<string, string>; value: [number, string] }[] }
      }
      if (answer.status !== 'success') throw new Error(`${answer.error}\n${expr}`)
      return answer.data.result.map(({ metric, value: [, text] }) => ({
        metric,
        value: text === 'NaN' ? undefined : Number(text),
      }))
    },
    async brokenRules() {
      const response = await fetch(`${origin}/api/v1/rules`)
      const { data } = (await response.json()) as {
        data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] }
      }
      return data.groups
        .flatMap(({ rules }) => rules)
        .filter(({ health }) => health !== 'ok')
        .map(({ name, health, lastError }) => `${name}: ${health} ${lastError ?? ''}`)
    },
  }
}
