import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

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
  readonly healthcheck?: { readonly test: readonly unknown[] }
}

const root = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const { services, volumes, networks } = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>
  volumes: Record<string, unknown>
  networks: Record<string, { internal?: boolean }>
}
const { gateway, redis, prometheus, grafana } = services as Record<string, Required<Service>>

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

  test('says whether it is well, in words', () => {
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

  const scrape = parse(read('dashboards/prometheus/prometheus.yml'))
  expect(scrape.scrape_configs[0].static_configs[0].targets).toEqual(['gateway:8080'])
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
