import type { Logger } from 'pino'
import type { DecisionLogConfig } from '../config/config.ts'
import { StartFault } from '../start-fault.ts'
import type { DecisionLogMetrics } from '../telemetry/metrics/metrics.ts'
import { createDecisionLog, type DecisionLog } from './decision-log.ts'
import { createLineWriter } from './line-writer.ts'
import { checkFolder, createLogFiles, type LogHandle } from './log-files.ts'
import type { LoggedEndpoint } from './to-lines.ts'

export interface OpenDecisionLogDeps {
  readonly config: DecisionLogConfig
  /** Unique for this start of this process. */
  readonly gateway: string
  readonly endpoints: ReadonlyMap<string, LoggedEndpoint>
  readonly metrics: DecisionLogMetrics
  readonly logger: Logger
  readonly clock: () => number
  readonly openFile?: (path: string) => Promise<LogHandle>
}

const flushMs = 100
const retryMs = 1000

/** @throws StartFault when the folder cannot be written to */
export async function openDecisionLog(deps: OpenDecisionLogDeps): Promise<DecisionLog> {
  const { config, endpoints, metrics, logger, openFile } = deps
  const { dir, keep, compress } = config
  const gateway = deps.gateway.slice(0, 8)
  const stem = `decisions-${compactTime(deps.clock())}-${gateway}`
  await checkFolder(dir, stem).catch((error: unknown) => {
    const message = `cannot write to the decision log's folder ${dir} (${(error as Error).message}): give it to the user that runs the gateway, or correct decision_log.dir`
    throw new StartFault(message, { cause: error })
  })
  const files = createLogFiles({
    dir,
    stem,
    keep,
    compress,
    tidyFailed: (err) => logger.warn({ err, dir }, 'an old file of the decision log could not be tidied up'),
    ...(openFile && { openFile }),
  })
  let dropped = 0
  function drop(lines: number): void {
    if (dropped === 0)
      logger.warn({ dir, buffer: config.buffer }, 'the decision log cannot keep up: lines are dropped')
    dropped += lines
    metrics.dropped(lines)
  }
  const writer = createLineWriter({
    files,
    rotateAt: config.rotate,
    maxBuffered: config.buffer,
    flushMs,
    retryMs,
    events: {
      dropped: drop,
      written(lines) {
        metrics.written(lines)
        if (dropped > 0) logger.warn({ dir, dropped }, 'the decision log has lost lines')
        dropped = 0
      },
      failing: (err) =>
        logger.error(
          { err, dir },
          'the decision log cannot be written: lines wait in memory, then are dropped',
        ),
      recovered: () => logger.info({ dir }, 'the decision log is written again'),
    },
  })
  return createDecisionLog({ gateway, endpoints, writer })
}

/** 20260101T000000Z */
function compactTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}
