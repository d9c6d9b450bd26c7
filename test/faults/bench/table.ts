import { availableParallelism } from 'node:os'
import type { Result } from './scenario.ts'

interface Run {
  readonly command: string
  readonly at: Date
}

export function toTable(results: readonly Result[], { command, at }: Run): string {
  const rows = results.map(({ scenario: { id, does, expects }, seen, held, seconds }) =>
    [id, does, expects, seen, held ? 'held' : '**broken**', `${seconds.toFixed(1)} s`].map(toCell),
  )
  return [
    '# What was done to the gateway, and what it did',
    '',
    `Written by \`${command} --write\` on ${at.toISOString().slice(0, 10)}, ${availableParallelism()} cores, Node ${process.version}.`,
    '',
    '| | done | expected | seen | | took |',
    '|---|---|---|---|---|---|',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
  ].join('\n')
}

const toCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')
