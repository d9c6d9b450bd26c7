import type { BlockConfig, StepConfig } from '../config/pipeline/pipeline.ts'
import { GatewayError } from '../errors.ts'
import type { Column, Heading } from './column.ts'
import { StepFault, type Step } from './step.ts'
import { bucketiseStep } from './steps/bucketise.ts'
import { oneHotStep, ordinalStep } from './steps/categories.ts'
import { hashStep } from './steps/hash.ts'
import { imputeStep } from './steps/impute.ts'
import { clipStep, keepMissingStep, logStep, scaleStep } from './steps/numeric.ts'
import { pointerTo, type Table } from './table.ts'

/** Some fields on their way to a tensor, made ready once. */
export interface Block {
  /** Of the columns that it gives. */
  readonly headings: readonly Heading[]
  /** @throws GatewayError missing_input, invalid_input */
  run(table: Table): readonly Column[]
}

/** A step whose settings do not fit; `step` counts from 0. */
export class BlockFault extends Error {
  readonly step: number
  constructor(step: number, { message }: StepFault) {
    super(message)
    this.name = 'BlockFault'
    this.step = step
  }
}

/** @throws BlockFault */
export function compileBlock({ columns, steps }: BlockConfig): Block {
  let headings: readonly Heading[] = columns.map((name) => ({ name, kind: 'raw' }))
  const compiled: Step[] = []
  for (const [at, config] of steps.entries()) {
    const step = compileAt(at, config, headings)
    compiled.push(step)
    headings = step.headings
  }
  const takesMissing = compiled.some((step) => step.takesMissing)
  return {
    headings,
    run(table) {
      const raw = columns.map((name) => readColumn(table, name, takesMissing))
      return compiled.reduce<readonly Column[]>((block, step) => step.run(block, table.fields), raw)
    },
  }
}

function compileAt(at: number, config: StepConfig, headings: readonly Heading[]): Step {
  try {
    return compileStep(config, headings)
  } catch (error) {
    throw error instanceof StepFault ? new BlockFault(at, error) : error
  }
}

function compileStep(config: StepConfig, headings: readonly Heading[]): Step {
  switch (config.kind) {
    case 'impute':
      return imputeStep(headings, config)
    case 'keep_missing':
      return keepMissingStep(headings)
    case 'clip':
      return clipStep(headings, config)
    case 'scale':
      return scaleStep(headings, config)
    case 'log':
      return logStep(headings, config.base)
    case 'bucketise':
      return bucketiseStep(headings, config)
    case 'one_hot':
      return oneHotStep(headings, config)
    case 'ordinal':
      return ordinalStep(headings, config)
    case 'hash':
      return hashStep(headings, config)
  }
}

function readColumn({ rows, fields }: Table, name: string, takesMissing: boolean): Column {
  const field = fields.get(name)
  if (field === undefined) {
    if (takesMissing) return { name, kind: 'raw', values: Array.from({ length: rows }, () => null) }
    const detail = `input "${name}" is missing: add it, or give it an impute step in the configuration`
    throw new GatewayError('missing_input', detail, { pointer: '/inputs' })
  }
  const { values, single } = field
  const missing = takesMissing ? -1 : values.indexOf(null)
  if (missing < 0) return { name, kind: 'raw', values }
  const detail = `"${name}" is not known here: send it, or give it an impute step in the configuration`
  throw new GatewayError('invalid_input', detail, { pointer: pointerTo(name, single ? undefined : missing) })
}
