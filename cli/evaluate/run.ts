import { writeFile } from 'node:fs/promises'
import { evaluate, type EvaluateOptions } from '../../bandit/index.ts'
import { joinLog, type JoinedLog } from '../../gateway/decision-log/join-log.ts'
import { readLog } from '../../gateway/decision-log/read-log.ts'
import { toHistory } from '../../gateway/decision-log/to-history.ts'
import { reportLines, type Report } from './report.ts'
import { toSvg } from './svg.ts'
import { parseTarget } from './target.ts'

export interface RunOptions extends EvaluateOptions {
  readonly log: string
  readonly endpoint: string
  readonly policy: readonly string[]
  readonly json?: string
  readonly svg?: string
}

export interface RunOutput {
  readonly print: (line: string) => void
  readonly note: (line: string) => void
}

/** The log cannot answer; what it can tell has been printed. */
class Refused extends Error {
  readonly exitCode = 3
  constructor(message: string) {
    super(message)
    this.name = 'Refused'
  }
}

/** @throws Refused when a policy cannot be judged by this log */
export async function runEvaluate(options: RunOptions, { print, note }: RunOutput): Promise<void> {
  const log = await joinLog(readLog(options.log, note), options.endpoint)
  const history = toHistory(log)
  const targets = options.policy.map((text) => parseTarget(text, history))
  const report: Report = {
    ...summaryOf(log),
    confidence: options.confidence,
    maxWeight: options.maxWeight,
    seed: options.seed,
    evaluations: targets.map((target) => evaluate(history, target, options)),
  }
  for (const line of reportLines(report)) print(line)
  if (options.json !== undefined)
    await writeFile(options.json, `${JSON.stringify(toJson(report), null, 2)}\n`)
  if (options.svg !== undefined) await writeFile(options.svg, toSvg(report))

  const refused = report.evaluations.filter(({ refusals }) => refusals.length > 0)
  if (refused.length === 0) return
  const reasons = refused.flatMap(({ target, refusals }) => refusals.map((why) => `${target}: ${why}`))
  throw new Refused(['this log cannot answer', ...reasons].join('\n  '))
}

function summaryOf({ endpoint, generation, decisions, endedAt, outdated }: JoinedLog) {
  const policies = [...new Set(decisions.map(({ policy }) => policy))]
  return { endpoint, generation, policies, outdated, from: decisions[0]!.time, to: endedAt }
}

function toJson({ from, to, ...report }: Report): object {
  const evaluations = report.evaluations.map((evaluation) => ({
    ...evaluation,
    support: { ...evaluation.support, byArm: Object.fromEntries(evaluation.support.byArm) },
  }))
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), ...report, evaluations }
}
