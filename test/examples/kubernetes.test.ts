import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { soundConfig } from '../fixtures/sound-config.ts'

const root = join(import.meta.dirname, '../..')

interface Mount {
  readonly name: string
  readonly mountPath: string
}

interface Pod {
  readonly terminationGracePeriodSeconds: number
  readonly containers: readonly {
    readonly args: readonly string[]
    readonly ports: readonly { readonly containerPort: number }[]
    readonly volumeMounts: readonly Mount[]
    readonly [probe: string]: unknown
  }[]
  readonly volumes: readonly { readonly name: string }[]
}

interface Resource {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly data: Readonly<Record<string, string>>
  readonly spec: {
    readonly serviceName: string
    readonly selector: Readonly<Record<string, unknown>>
    readonly template: { readonly metadata: { readonly labels: object }; readonly spec: Pod }
    readonly volumeClaimTemplates: readonly { readonly metadata: { readonly name: string } }[]
  }
}

const text = await readFile(join(root, 'examples/kubernetes/gateway.yaml'), 'utf8')
const resources = parseAllDocuments(text).map((document) => document.toJS() as Resource)
const find = (kind: string) => resources.filter((resource) => resource.kind === kind)
const { metadata, spec } = find('StatefulSet')[0]!
const pod = spec.template.spec
const gateway = pod.containers[0]!
const config = soundConfig(find('ConfigMap')[0]!.data['bandit.yaml']!, '/etc/bandit/config/bandit.yaml')

const mountOf = (path: string) =>
  gateway.volumeMounts.find(({ mountPath }) => path.startsWith(`${mountPath}/`))?.name

test('the gateway is given the file that is checked, on the port that is asked, by paths that there are', async () => {
  expect(gateway.args).toEqual(['serve', '--config=/etc/bandit/config/bandit.yaml'])
  expect(config.listen).toEqual({ host: '0.0.0.0', port: 8080 })
  expect(gateway.ports.map(({ containerPort }) => containerPort)).toEqual([8080])
  expect(gateway).toMatchObject({
    livenessProbe: { httpGet: { path: '/livez' } },
    readinessProbe: { httpGet: { path: '/readyz' } },
    securityContext: { readOnlyRootFilesystem: true },
  })
  const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8')
  expect(dockerfile).toMatch(/^WORKDIR \/app$/m)
  for (const { onnx } of config.models) {
    expect(await readFile(onnx.replace('/app', root))).not.toHaveLength(0)
  }
})

test('what it keeps is on the disk of its own, and what it is given is mounted', () => {
  expect(mountOf(config.journal!.path)).toBe('state')
  expect(mountOf(config.modelsCopies!)).toBe('state')
  expect(mountOf('/etc/bandit/config/bandit.yaml')).toBe('config')
  expect(mountOf('/etc/bandit/keys/keys.yaml')).toBe('keys')
  const claims = spec.volumeClaimTemplates.map((claim) => claim.metadata.name)
  const there = [...pod.volumes.map(({ name }) => name), ...claims]
  expect(gateway.volumeMounts.map(({ name }) => name).toSorted()).toEqual(there.toSorted())
})

test('it has the time to stop, and everything else finds it', () => {
  expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThanOrEqual(config.stop.drainMs + 15_000)
  const labels = spec.template.metadata.labels
  expect(spec.selector).toEqual({ matchLabels: labels })
  for (const service of find('Service')) expect(service.spec.selector).toEqual(labels)
  expect(find('PodDisruptionBudget')[0]!.spec.selector).toEqual({ matchLabels: labels })
  expect(find('Service').map((service) => service.metadata.name)).toEqual([metadata.name, spec.serviceName])
})
