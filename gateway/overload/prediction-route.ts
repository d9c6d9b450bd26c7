/** What a request that wants a prediction or a decision is about. */
export interface PredictionRoute {
  /** What requests like it are called in metrics. */
  readonly route: string
  /** As the path names it, '' where it does not. */
  readonly endpoint: string
  readonly isInference: boolean
}

const routes = [
  { before: '/predict', after: '', isInference: false },
  { before: '/decide', after: '', isInference: false },
  { before: '/ofrep/v1/evaluate/flags', after: '', isInference: false },
  { before: '/v2/models', after: '/infer', isInference: true },
]

/** By the path alone, as nothing else of the request has been looked at; undefined for all that is not refused. */
export function predictionRoute(method: string | undefined, target: string): PredictionRoute | undefined {
  if (method !== 'POST') return undefined
  const url = isPlain(target) ? target : pathOf(target)
  const found = routes.find(({ before, after }) => url.startsWith(before) && url.includes(after))
  if (found === undefined) return undefined
  const { before, after, isInference } = found
  if (url.length <= before.length + 1) return { route: before, endpoint: '', isInference }
  const slash = url.indexOf('/', before.length + 1)
  const endpoint = url.slice(before.length + 1, slash < 0 ? undefined : slash)
  return { route: `${before}/:endpoint${after}`, endpoint, isInference }
}

/** Written as the router reads it, as nearly all are. */
function isPlain(target: string): boolean {
  return target.startsWith('/') && !/[%\\]|\/\./.test(target)
}

/**
 * Of a target in another spelling the path that the router makes of it: nobody gets past the count by `/pre%64ict`,
 * `/x/../predict` or, as to a proxy, `http://host/predict`.
 */
function pathOf(target: string): string {
  const path = URL.parse(target.startsWith('/') ? `http://gateway${target}` : target)?.pathname ?? ''
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
