import type * as z from 'zod'
import type { ErrorCode } from '../errors.ts'

/** Schemas by content type. */
export type Content = Readonly<Record<string, z.ZodType>>

export interface Answer {
  readonly description: string
  /** Absent = it has no body. */
  readonly content?: Content
}

/** What callers have to know of one route, beside who may use it. */
export interface Operation {
  readonly id: string
  readonly tag: 'serving' | 'inference' | 'learning' | 'operating' | 'console' | 'health'
  readonly summary: string
  readonly body?: Content
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>
  /** Beside those that every route may answer, see `document.ts`. */
  readonly problems: readonly ErrorCode[]
  /** `inference`: errors are those of the Open Inference Protocol, and not problem documents. */
  readonly dialect?: 'inference'
}

/** Whatever has to do with reading a body of JSON. */
export const bodyProblems = [
  'broken_body',
  'malformed_json',
  'too_deep',
  'body_too_large',
  'unsupported_media_type',
  'unsupported_encoding',
  'unknown_field',
  'missing_field',
  'invalid_field',
  'too_many_keys',
] as const satisfies readonly ErrorCode[]

export const json = (schema: z.ZodType): Content => ({ 'application/json': schema })
