import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { annotations } from '../../../dashboards/src/annotations.ts'
import { dashboards } from '../../../dashboards/src/dashboards.ts'
import { folder, type Question, questionsOf, readDashboards, withValues } from '../../fixtures/dashboards.ts'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { labelSender } from '../../fixtures/labels.ts'
import { newStore } from '../../fixtures/real-stores.ts'
import { startLoad } from '../../fixtures/steady-load.ts'
import { whyNoPrometheus } from '../../support/find-prometheus.ts'
import { type Prometheus, startPrometheus } from '../../support/start-prometheus.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const reason = await whyNoPrometheus()
if (reason !== undefined) console.log(`skipped the dashboards' queries: ${reason}`)

/** The project's own configuration, sped up and pointed at this gateway. */
const prometheusConfig = async (origin: string): Promise<string> => {
  const own = join(folder, 'prometheus')
  const config = parse(await readFile(join(own, 'prometheus.yml'), 'utf8'))
  config.global = { scrape_interval: '1s', evaluation_interval: '1s' }
  config.rule_files = config.rule_files.map((name: string) => join(own, name))
  config.scrape_configs[0].static_configs[0].targets = [new URL(origin).host]
  const path = join(await tempDir(), 'prometheus.yml')
  await writeFile(path, stringify(config))
  return path
}

const questions = readDashboards().flatMap(questionsOf)
const reasons = new Map(
  [
    ...annotations,
    ...dashboards.flatMap(({ rows }) =>
      rows.flatMap(({ panels }) => panels.flatMap((panel) => panel.queries)),
    ),
  ]
    .filter(({ emptyWhenHealthy }) => emptyWhenHealthy !== undefined)
    .map(({ expr, emptyWhenHealthy }) => [expr, emptyWhenHealthy!]),
)
const always = questions.filter(({ expr }) => !reasons.has(expr))
const sometimes = questions.filter(({ expr }) => reasons.has(expr))

/** Those of these that Prometheus has no number for. Each must be a question that it understands. */
const unanswered = async (prometheus: Prometheus, asked: readonly Question[]): Promise<string[]> => {
  const empty: string[] = []
  for (const { at, expr } of asked) {
    const samples = await prometheus.query(withValues(expr, '10s'))
    if (!samples.some(({ value }) => value !== undefined)) empty.push(at)
  }
  return empty
}

/** Each at some time: what is out for a moment may be back before the last of them has its answer. */
const untilAnswered = async (prometheus: Prometheus, asked: readonly Question[]): Promise<void> => {
  let left = asked
  const none = async () => {
    const empty = await unanswered(prometheus, left)
    left = left.filter(({ at }) => empty.includes(at))
    return left.length === 0
  }
  await waitUntil(none, { what: 'all have data', timeoutMs: 20_000, intervalMs: 500 }).catch(() => {})
  expect(left.map(({ at }) => at)).toEqual([])
}

/** Questions whose series cannot be told apart by the names that the legend gives them. */
const ambiguous = async (prometheus: Prometheus): Promise<string[]> => {
  const found: string[] = []
  for (const { at, expr, legend } of questions) {
    if (legend === undefined) continue
    const names = (await prometheus.query(withValues(expr, '10s'))).map(({ metric }) =>
      legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? ''),
    )
    if (new Set(names).size < names.length) found.push(`${at}: ${names.join(', ')}`)
  }
  return found
}

/**
 * Nothing fails the store, drifts, grows, is rolled out, or is told to anybody, no other replica could be tried, no arm is
 * tried too often and no share held back; there are no keys, features, penalties, journals or checkpoints.
 */
const isProvoked = ({ at }: Question): boolean =>
  !/Requests by key|Callers turned away|Features|features|beyond its share|Failed operations|Replayed|Webhooks|Deployments|Canary steps|Drift and mismatches|Workers replaced|Second tries|Arms that rest|answers cost|held back|Time to the disk|heckpoints/.test(
    at,
  )

/** A disk that is slow for a moment is a store that is away: the journal helps out. */
const dependsOnDisk = (at: string): boolean => at.includes('Replayed and failed')

describe.skipIf(reason !== undefined)('a Prometheus that scrapes a gateway under load', () => {
  test('answers every question of the dashboards, the unhealthy ones once something fails', async () => {
    const config = await digitsConfig({
      models: ['logistic', 'tree'],
      shadow: [{ arm: 'forest' }],
      drift: { inputs: ['pixels', 'pixels[20]'], outputs: ['label'], reference: 100 },
      more: { overload: { loop_delay: '10s' } },
    })
    const gateway = runGateway({ config, store: await newStore.sqlite(), tmp: await tempDir() })
    const origin = await gateway.ready()
    const caller = createCaller(origin)
    const sender = labelSender(caller)
    startLoad(origin, { perSecond: 60, onAnswer: sender.send })
    const prometheus = await startPrometheus(await prometheusConfig(origin))

    await untilAnswered(prometheus, always)
    // Nothing has gone wrong yet, so these are what a healthy gateway shows.
    const healthy = sometimes.filter(({ at }) => !dependsOnDisk(at))
    expect(await unanswered(prometheus, healthy)).toEqual(healthy.map(({ at }) => at))
    expect(await prometheus.brokenRules()).toEqual([])
    expect(await prometheus.query('ALERTS{alertstate="firing"}')).toEqual([])

    await caller.feedback({ prediction_id: 'nobody made this', label: 1 })
    // It hangs until it is killed for that and started again.
    process.kill(gateway.workerOf('logistic')!, 'SIGSTOP')
    await untilAnswered(prometheus, sometimes.filter(isProvoked))
    expect(await ambiguous(prometheus)).toEqual([])
  })
})
