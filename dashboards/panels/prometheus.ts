import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse, stringify } from 'yaml'
import { findFreePort } from '../../cli/demo/free-port.ts'

export interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: number
}

export interface Prometheus {
  /** Rejects with Prometheus's own words where it does not take the expression. */
  query(expr: string): Promise<readonly Sample[]>
  stop(): Promise<void>
}

const own = join(import.meta.dirname, '..', 'prometheus')

/** The project's own configuration, asking a gateway every second; the program has to be on PATH. */
export async function startPrometheus(gateway: string): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'bandit-panels-'))
  const config = parse(await readFile(join(own, 'prometheus.yml'), 'utf8'))
  config.global = { scrape_interval: '1s', evaluation_interval: '1s' }
  config.rule_files = config.rule_files.map((name: string) => join(own, name))
  config.scrape_configs[0].static_configs[0].targets = [new URL(gateway).host]
  await writeFile(join(folder, 'prometheus.yml'), stringify(config))
  const address = `127.0.0.1:${await findFreePort()}`
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--log.level=error',
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  )
  await once(child, 'spawn')
  const ended = once(child, 'exit')
  while (!(await isReady(address))) {
    if (child.exitCode !== null) throw new Error('Prometheus ended before it was ready')
    await sleep(100)
  }
  return {
    query: (expr) => query(address, expr),
    async stop() {
      child.kill()
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function isReady(address: string): Promise<boolean> {
  return fetch(`http://${address}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  )
}

async function query(address: string, expr: string): Promise<readonly Sample[]> {
  const body = new URLSearchParams({ query: expr })
  const response = await fetch(`http://${address}/api/v1/query`, { method: 'POST', body })
  const answer = (await response.json()) as {
    status: string
    error?: string
    data: { result: { metric: Record<string, string>; value: [number, string] }[] }
  }
  if (answer.status !== 'success') throw new Error(`${answer.error}\n${expr}`)
  return answer.data.result.map(({ metric, value: [, text] }) => ({ metric, value: Number(text) }))
}
