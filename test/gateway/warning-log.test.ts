import { expect, test } from 'vitest'
import type { WindowWarning } from '../../bandit/index.ts'
import { createWarningLog } from '../../gateway/warning-log.ts'

const warning = (flipsAtMs: number, better = 'slow'): WindowWarning => ({
  code: 'window_hides_best_arm',
  windowMs: 1000,
  best: 'quick',
  better,
  flipsAtMs,
  arms: [],
  detail: `${better} is hidden`,
})

test('says when there is something to warn of, when it is another thing, and when it is over', () => {
  const lines: string[] = []
  const say = (level: string) => (_facts: object, text: string) => void lines.push(`${level}: ${text}`)
  let warnings: readonly WindowWarning[] = []
  const tell = createWarningLog([{ endpoint: 'shop', warnings: () => warnings }], {
    info: say('info') as never,
    warn: say('warn') as never,
  })
  tell()
  expect(lines).toEqual([])
  for (const next of [[warning(2000)], [warning(4000)], [warning(4000, 'slower')], [], []]) {
    warnings = next
    tell()
  }
  expect(lines).toEqual([
    'warn: slow is hidden',
    'warn: slower is hidden',
    'info: there is nothing to warn of any more',
  ])
})
