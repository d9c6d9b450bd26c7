import { expect, test } from 'vitest'
import { demandCollectors } from '../../../../gateway/security/outbound/demand-collectors.ts'

const demand = (address: string, allow?: readonly string[], signal = '') =>
  demandCollectors({ [`OTEL_EXPORTER_OTLP_${signal}ENDPOINT`]: address }, { allow })

test('collectors that the environment names are held to the list too', () => {
  expect(() => demand('http://collector:4318')).not.toThrow()
  expect(() => demand('http://collector:4318', ['collector'])).not.toThrow()
  expect(() => demand('collector:4317', ['collector:4317'])).not.toThrow()
  for (const signal of ['', 'TRACES_', 'LOGS_'])
    expect(() => demand('https://elsewhere.example/v1', ['collector'], signal)).toThrow(
      `OTEL_EXPORTER_OTLP_${signal}ENDPOINT: elsewhere.example is not on the list: add it to outbound.allow`,
    )
})

test('none is where clouds keep credentials', () => {
  for (const address of ['http://169.254.169.254/latest', '[fd00:ec2::254]:4317'])
    expect(() => demand(address)).toThrow('an address that nobody may call')
})
