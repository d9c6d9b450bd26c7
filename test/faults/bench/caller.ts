import { Pool } from 'undici'

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Parsed where it is JSON, else as it came. */
  readonly body: unknown
  readonly text: string
  /** From sending to the last byte of the answer. */
  readonly ms: number
}

export interface Call {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** One client that keeps its connections. */
export interface Caller {
  call(this: void, path: string, options?: Call): Promise<Reply>
  /** POST of JSON; text goes as it is. */
  post(this: void, path: string, body: unknown): Promise<Reply>
  /** Value of one sample of `/metrics`, by its name with its labels; undefined when there is none. */
  metric(this: void, sample: string): Promise<number | undefined>
  close(): Promise<void>
}

export function createCaller(origin: string, connections = 16): Caller {
  const pool = new Pool(origin, { connections, headersTimeout: 30_000, bodyTimeout: 30_000 })

  async function call(path: string, { method = 'GET', headers = {}, body }: Call = {}): Promise<Reply> {
    const sentAt = performance.now()
    const answer = await pool.request({ path, method, headers, ...(body !== undefined && { body }) })
    const text = await answer.body.text()
    const ms = performance.now() - sentAt
    return { status: answer.statusCode, headers: answer.headers, body: parse(text), text, ms }
  }

  const post = (path: string, body: unknown): Promise<Reply> =>
    call(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })

  async function metric(sample: string): Promise<number | undefined> {
    const { body } = await call('/metrics')
    const line = String(body)
      .split('\n')
      .find((each) => each.startsWith(`${sample} `))
    return line === undefined ? undefined : Number(line.slice(sample.length + 1))
  }

  return { call, post, metric, close: () => pool.destroy() }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
