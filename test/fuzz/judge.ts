import { errorCatalogue, type ErrorCode, type Problem } from '../../gateway/errors.ts'
import { createOpenApiJudge, holdToDocument, type OpenApiDocument } from '../fixtures/openapi.ts'
import type { FuzzRequest } from './requests.ts'

export interface FuzzAnswer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  /** Undefined where it goes on for ever. */
  readonly text: string | undefined
}

export type Judge = (request: FuzzRequest, answer: FuzzAnswer) => void

/** Says by an error what must not be of an answer, whatever was asked. */
export function createJudge(document: OpenApiDocument): Judge {
  const documented = createOpenApiJudge(document)

  return function judge(request, { status, headers, text }) {
    const { method, address } = request
    const contentType = headers.get('content-type')
    if (status >= 500) throw new Error(`status ${status}: ${text}`)
    if (method === 'HEAD' || text === undefined) return
    if (isParserRefusal(status, contentType, text)) return
    holdToDocument({ method, address, status, contentType, text })
    if (status >= 400) judgeError(address, status, contentType, headers.get('x-bandit-error-code'), text)
    else if (method === 'POST' || method === 'PUT') judgeTaken(request)
  }

  /** What the document refuses is refused by the program too. */
  function judgeTaken({ method, address, headers, body }: FuzzRequest): void {
    if (headers['content-type'] !== 'application/json' || body === undefined || address.startsWith('/v2'))
      return
    const value: unknown = JSON.parse(body.toString())
    if (Array.isArray(value) || documented.takes(method, address, value)) return
    throw new Error(`it was taken, which the document does not allow: ${body.toString().slice(0, 500)}`)
  }
}

/** What is no HTTP is refused before there is a request to answer. */
function isParserRefusal(status: number, contentType: string | null, text: string): boolean {
  return contentType === null && text === '' && [400, 408, 431].includes(status)
}

function judgeError(
  address: string,
  status: number,
  contentType: string | null,
  named: string | null,
  text: string,
): void {
  const body = JSON.parse(text) as Partial<Problem>
  if (address.startsWith('/ofrep/') && contentType === 'application/json') return
  const code = contentType === 'application/json' ? (named as ErrorCode | null) : body.code
  if (code === null || code === undefined || !Object.hasOwn(errorCatalogue, code))
    throw new Error(`no known code: ${text}`)
  if (contentType === 'application/json') return
  if (contentType !== 'application/problem+json') throw new Error(`no problem document: ${contentType}`)
  if (body.type !== `urn:bandit:error:${code}`) throw new Error(`${code} as ${body.type}`)
  if (errorCatalogue[code].status !== status) throw new Error(`${code} with status ${status}`)
  if ((body.detail ?? '').length > 1000) throw new Error(`a detail of ${body.detail?.length} characters`)
  if (/node_modules|\.ts:\d|at Object\.|\/tmp\//.test(text)) throw new Error(`insides are told: ${text}`)
}
