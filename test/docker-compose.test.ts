import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { Registry } from 'prom-client'
import { createMetrics } from '../gateway/telemetry/metrics/metrics.ts'
import { readDashboards } from './fixtures/dashboards.ts'
import { isPromQL, selectorsOf } from './fixtures/promql.ts'

interface Service {
  readonly image?: string
  readonly build?: string
  readonly user?: string
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly networks?: readonly string[]
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>
  readonly healthcheck?: { readonly test: readonly unknown[]; readonly disable?: boolean }
}

const root = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const { services, volumes, networks } = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>
  volumes: Record<string, unknown>
  networks: Record<string, { internal?: boolean }>
}
const { gateway, redis, prometheus, collector, tempo, grafana } = services as Record<
  string,
  Required<Service>
>

const scrape = parse(read('dashboards/prometheus/prometheus.yml')) as {
  readonly global: { readonly scrape_interval: string }
  readonly rule_files: readonly string[]
  readonly scrape_configs: readonly {
    readonly job_name: string
    readonly static_configs: readonly { readonly targets: readonly string[] }[]
  }[]
}

/** Of `source:target[:ro]`. */
const mountsOf = ({ volumes: mounts = [] }: Service) =>
  mounts.map((mount) => {
    const [source, target, mode] = mount.split(':')
    return { source: source!, target: target!, mode }
  })
const argument = ({ command = [] }: Service, name: string) =>
  command.find((text) => text.startsWith(`--${name}=`))?.slice(name.length + 3)

describe.each(Object.entries(services))('%s', (name, service) => {
  test('is one exact version, or built here', () => {
    if (service.build !== undefined) expect(service.image).toBeUndefined()
    else expect(service.image).toMatch(/:v?\d+\.\d+\.\d+(-\w+)?$/)
  })

  test('can do no more than it must', () => {
    expect(service.read_only).toBe(true)
    expect(service.cap_drop).toEqual(['ALL'])
    expect(service.security_opt).toEqual(['no-new-privileges:true'])
    expect(service.user).toMatch(/^[1-9]\d*:\d+$/)
  })

  test('is heard on the loopback interface only', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
  })

  test('says whether it is well, in words, or to Prometheus alone', () => {
    if (service.healthcheck!.disable === true) {
      const jobs = scrape.scrape_configs.map(({ job_name }) => job_name)
      return expect(jobs).toContain(name)
    }
    expect(service.healthcheck!.test.length).toBeGreaterThan(1)
    for (const word of service.healthcheck!.test) expect(word).toEqual(expect.any(String))
  })

  test('mounts what there is: files to be read, volumes to be written', () => {
    for (const { source, mode } of mountsOf(service)) {
      if (source.startsWith('./')) expect([existsSync(join(root, source)), mode]).toEqual([true, 'ro'])
      else expect(Object.keys(volumes), name).toContain(source)
    }
  })

  test('knows only services and networks that there are', () => {
    const others = Array.isArray(service.depends_on)
      ? service.depends_on
      : Object.keys(service.depends_on ?? {})
    for (const other of others) expect(Object.keys(services)).toContain(other)
    for (const network of service.networks ?? [])
      expect(['default', ...Object.keys(networks)]).toContain(network)
  })
})

test('no volume is left over', () => {
  const used = Object.values(services).flatMap((service) => mountsOf(service).map(({ source }) => source))
  for (const volume of Object.keys(volumes)) expect(used).toContain(volume)
})

test('Redis keeps what it has acknowledged, throws nothing away, and nobody but the gateway reaches it', () => {
  const settings = redis!.command.join(' ')
  for (const setting of ['--appendonly yes', '--appendfsync always', '--maxmemory-policy noeviction'])
    expect(settings).toContain(setting)
  expect(redis!.ports).toBeUndefined()
  const reached = Object.entries(services).filter(([, service]) => service.networks?.includes('store'))
  expect(reached.map(([name]) => name)).toEqual(['gateway', 'redis'])
  expect(networks['store']).toEqual({ internal: true })
  expect(argument(gateway!, 'store')).toBe('redis://redis:6379')
})

test('Prometheus asks the gateway, Grafana asks Prometheus, each where it listens', () => {
  expect(argument(gateway!, 'listen')).toBe('0.0.0.0:8080')
  expect(gateway!.ports).toEqual(['127.0.0.1:8080:8080'])
  expect(existsSync(join(root, argument(gateway!, 'config')!))).toBe(true)

  expect(scrape.scrape_configs[0]!.static_configs[0]!.targets).toEqual(['gateway:8080'])
  for (const file of scrape.rule_files)
    expect(existsSync(join(root, 'dashboards/prometheus', file))).toBe(true)
  const [config] = mountsOf(prometheus!)
  expect(argument(prometheus!, 'config.file')).toBe(`${config!.target}/prometheus.yml`)
  expect(mountsOf(prometheus!).map(({ target }) => target)).toContain(
    argument(prometheus!, 'storage.tsdb.path'),
  )

  const [source] = parse(read('dashboards/provisioning/datasources/prometheus.yaml')).datasources
  expect(source).toMatchObject({ type: 'prometheus', url: 'http://prometheus:9090', isDefault: true })
  expect(source.jsonData.timeInterval).toBe(scrape.global.scrape_interval)
  expect(prometheus!.ports).toEqual(['127.0.0.1:9090:9090'])
})

test('a span goes from the gateway over the collector to the trace store, each where the next one listens', () => {
  const { receivers, processors, exporters, service } = parse(read('dashboards/tracing/collector.yaml'))
  const store = parse(read('dashboards/tracing/tempo.yaml'))
  const portOf = (endpoint: string) => endpoint.split(':').at(-1)
  const to = new URL(gateway!.environment['OTEL_EXPORTER_OTLP_ENDPOINT']!)
  expect([to.hostname, to.port]).toEqual(['collector', portOf(receivers.otlp.protocols.http.endpoint)])
  const exporter = exporters['otlp_grpc/tempo']
  const [host, port] = exporter.endpoint.split(':')
  expect([host, port]).toEqual(['tempo', portOf(store.distributor.receivers.otlp.protocols.grpc.endpoint)])

  const { traces } = service.pipelines
  expect(traces.receivers).toEqual(Object.keys(receivers))
  expect(traces.processors).toEqual(Object.keys(processors))
  expect(traces.exporters).toEqual(Object.keys(exporters))
  const { limit_mib, spike_limit_mib } = processors.memory_limiter
  const limit = Number.parseInt((collector as unknown as { mem_limit: string }).mem_limit)
  expect(limit_mib + spike_limit_mib).toBeLessThan(limit)

  for (const [{ command, ...rest }, file] of [
    [collector!, 'collector.yaml'],
    [tempo!, 'tempo.yaml'],
  ] as const) {
    const mount = mountsOf(rest).find(({ source }) => source === `./dashboards/tracing/${file}`)
    expect(command.map((text) => text.split('=')[1])).toContain(mount!.target)
  }
})

test('the trace store keeps what it has on a volume, for as long as both its parts say, and sends nothing home', () => {
  const { storage, backend_scheduler, backend_worker, usage_report } = parse(
    read('dashboards/tracing/tempo.yaml'),
  )
  const volume = mountsOf(tempo!).find(({ source }) => source === 'tempo-data')!
  for (const { path } of [storage.trace.wal, storage.trace.local])
    expect(path.startsWith(`${volume.target}/`)).toBe(true)
  expect(backend_scheduler.provider.compaction.compaction).toEqual(backend_worker.compaction)
  expect(usage_report.reporting_enabled).toBe(false)
})

test('traces are on a network without a way out, and Prometheus and Grafana look at them where they are', () => {
  const reached = Object.entries(services).filter(([, service]) => service.networks?.includes('traces'))
  expect(reached.map(([name]) => name)).toEqual(['gateway', 'prometheus', 'collector', 'tempo', 'grafana'])
  expect(networks['traces']).toEqual({ internal: true })
  for (const { ports } of [collector!, tempo!]) expect(ports).toBeUndefined()

  const { telemetry } = parse(read('dashboards/tracing/collector.yaml')).service
  const { server } = parse(read('dashboards/tracing/tempo.yaml'))
  const [{ pull }] = telemetry.metrics.readers
  const targets = scrape.scrape_configs.flatMap(({ static_configs }) => static_configs[0]!.targets)
  expect(targets).toContain(`collector:${pull.exporter.prometheus.port}`)
  expect(targets).toContain(`tempo:${server.http_listen_port}`)

  const [source] = parse(read('dashboards/provisioning/datasources/tempo.yaml')).datasources
  expect(source).toMatchObject({ type: 'tempo', url: `http://tempo:${server.http_listen_port}` })
  const [metrics] = parse(read('dashboards/provisioning/datasources/prometheus.yaml')).datasources
  expect(source.jsonData.tracesToMetrics.datasourceUid).toBe(metrics.uid)
  const [exemplars] = metrics.jsonData.exemplarTraceIdDestinations
  expect(exemplars.datasourceUid).toBe(source.uid)
  expect(prometheus!.command).toContain('--enable-feature=exemplar-storage')
  expect(parse(read(argument(gateway!, 'config')!)).telemetry).toEqual({ exemplars: true })
})

test('a span leads to metrics that there are', async () => {
  const [source] = parse(read('dashboards/provisioning/datasources/tempo.yaml')).datasources
  const { tags, queries } = source.jsonData.tracesToMetrics
  // What is there before the first request, too: names and labels.
  const { text } = await createMetrics({ registry: new Registry(), version: '1' }).exposition([])
  expect(tags).toEqual([{ key: 'service.name', value: 'job' }])
  expect(scrape.scrape_configs[0]!.job_name).toBe('bandit-gateway')
  for (const { query } of queries as { query: string }[]) {
    // Grafana puts the labels of the span there.
    const expr = query.replace('$$__tags', 'job="bandit-gateway"')
    expect(isPromQL(expr), expr).toBe(true)
    for (const { metric } of selectorsOf(expr)) {
      expect(text).toContain(`# TYPE ${metric.replace(/_count$/, '')} `)
    }
  }
})

test('every dashboard leads to the traces in the data source that is provisioned', () => {
  const [source] = parse(read('dashboards/provisioning/datasources/tempo.yaml')).datasources
  expect(grafana!.environment['GF_USERS_VIEWERS_CAN_EDIT']).toBe('true')
  for (const { links } of readDashboards()) {
    const urls = links.flatMap(({ url }) => (url?.startsWith('/explore') ? [new URL(url, 'http://g')] : []))
    expect(urls).toHaveLength(2)
    for (const { searchParams } of urls) {
      const { traces } = JSON.parse(searchParams.get('panes')!)
      expect([traces.datasource, traces.queries[0].datasource]).toEqual([
        source.uid,
        { type: source.type, uid: source.uid },
      ])
      expect(traces.queries[0].query).toContain('resource.service.name = "bandit-gateway"')
    }
  }
})

test('Grafana finds the dashboards where its provider looks', () => {
  const [provider] = parse(read('dashboards/provisioning/dashboards/bandit-gateway.yaml')).providers
  const { source, target } = mountsOf(grafana!).find((mount) => mount.source.endsWith('/json'))!
  expect(provider.options.path).toBe(target)
  const home = grafana!.environment['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH']!
  expect(readdirSync(join(root, source)).map((name) => `${target}/${name}`)).toContain(home)
  for (const folder of ['datasources', 'dashboards']) {
    expect(grafana!.volumes).toContain(
      `./dashboards/provisioning/${folder}:/etc/grafana/provisioning/${folder}:ro`,
    )
  }
})

test('the file holds to the schema of Compose', () => {
  const lint = (file: string) =>
    execFileSync('dclint', ['--quiet', file], { cwd: root, encoding: 'utf8', stdio: 'pipe' })
  expect(() => lint('docker-compose.yml')).not.toThrow()
})
