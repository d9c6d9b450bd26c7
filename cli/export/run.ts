import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { joinLog } from '../../gateway/decision-log/join-log.ts'
import { readLog } from '../../gateway/decision-log/read-log.ts'
import { toDsjson } from '../../gateway/decision-log/to-dsjson.ts'
import { toOpenBandit } from '../../gateway/decision-log/to-open-bandit.ts'

export interface ExportOptions {
  readonly log: string
  readonly endpoint: string
  readonly format: 'dsjson' | 'open-bandit'
  readonly out: string
}

export async function runExport(
  { log: dir, endpoint, format, out }: ExportOptions,
  { note }: { readonly note: (line: string) => void },
): Promise<void> {
  const log = await joinLog(readLog(dir, note), endpoint)
  if (format === 'dsjson') return writeFile(out, toDsjson(log))
  const { decisions, items } = toOpenBandit(log)
  await mkdir(out, { recursive: true })
  await writeFile(join(out, `${endpoint}.csv`), decisions)
  await writeFile(join(out, 'item_context.csv'), items)
}
