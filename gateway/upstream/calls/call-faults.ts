import { UpstreamError, type UpstreamFault } from '../errors.ts'
import type { Job } from './job.ts'

const words = {
  timeout: 'did not answer before the deadline',
  abandoned: 'has nobody who waits for its answer',
  unreachable: 'has no replica that can be asked',
  overloaded: 'has as many calls waiting as may wait',
}

type Code = keyof typeof words

/** What calls of a model come to that are not answered, in words. */
export function createCallFaults(model: string) {
  const fault = (code: Code, wasAsked: boolean) =>
    new UpstreamError(code, model, `${model} ${words[code]}`, { wasAsked })
  return {
    asked: (code: Code) => fault(code, true),
    unasked: (code: Code) => fault(code, false),
    /** Of one that waits: for its second try, if it has had one. */
    waiting: ({ retried }: Job, code: Code) => fault(code, retried),
  }
}

/** What is no UpstreamError is a mistake of ours; the replica's answer could not be used either way. */
export const faultOf = (error: Error): UpstreamFault =>
  error instanceof UpstreamError ? error.code : 'bad_output'
