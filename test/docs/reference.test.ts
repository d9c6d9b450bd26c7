import { expect, test } from 'vitest'
import { toFiles } from '../../docs/reference/to-files.ts'

const files = toFiles()

test('every key says what it means, and no key of the schema is missing', () => {
  const lines = files
    .get('configuration.md')!
    .split('\n')
    .filter((line) => line.startsWith('| `'))
  expect(lines.length).toBeGreaterThan(300)
  expect(lines.filter((line) => line.endsWith('|  |'))).toEqual([])
  for (const key of [
    '| `stop.drain` | 0s to 5m | `0s` |',
    '| `policy` | keys | – |',
    '| `tensors.<name>.steps[].one_hot.drop` | `none`, `first` | `none` |',
    '| `webhooks[].url` | address | **required** |',
  ])
    expect(lines.filter((line) => line.startsWith(key))).toHaveLength(1)
})

test('metrics are told with where they are shown', () => {
  const text = files.get('metrics.md')!
  expect(text).toMatch(
    /^\| `bandit_endpoint_holding` \| gauge \| endpoint \| .* \| \*Holding to what was learned\*, \[BanditStoreLostState\]/m,
  )
  // Through a recording rule.
  expect(text).toMatch(/^\| `bandit_request_duration_seconds` .*\*Burn of the error budgets\*/m)
})
