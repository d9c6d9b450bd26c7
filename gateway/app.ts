import { Hono, type MiddlewareHandler } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import type { Logger } from 'pino'
import type { Learner, PredictionIds } from '../bandit/index.ts'
import type { Limits } from './config/config.ts'
import type { Console } from './console/console.ts'
import { createConsoleRoutes } from './console/route.ts'
import { createArmRoute } from './controls/route.ts'
import { createDecideRoute } from './decide/route.ts'
import type { DecisionListener } from './decision-log/also-told.ts'
import type { Endpoints, WorkerView } from './endpoint-runtime.ts'
import { createEndpointsRoutes } from './endpoints/route.ts'
import { GatewayError, toGatewayError } from './errors.ts'
import type { Parking } from './feedback/parking.ts'
import { createFeedbackRoute } from './feedback/route.ts'
import { createHealthRoutes } from './health/route.ts'
import { problemResponse } from './http/json-response.ts'
import { inferenceErrorResponse, isInferencePath } from './inference-protocol/error-response.ts'
import { createInferenceRoutes } from './inference-protocol/routes.ts'
import { observe } from './http/observe.ts'
import type { AppContext, AppEnv } from './http/request-info.ts'
import { createEvaluateRoute } from './ofrep/route.ts'
import { createOpenApiRoute } from './openapi/route.ts'
import { createPredictRoute } from './predict/route.ts'
import type { Access } from './security/access.ts'
import { createMistakes } from './security/limits/mistakes.ts'
import { authorise } from './security/authorise.ts'
import type { Metrics } from './telemetry/metrics/metrics.ts'

export interface AppDeps {
  readonly endpoints: Endpoints
  readonly ids: Pick<PredictionIds, 'verify'>
  readonly learner: Learner
  /** Where feedback waits for its prediction; absent = it does not. */
  readonly parking?: Pick<Parking, 'park'> | undefined
  readonly limits: Limits
  /** Absent where decisions are not logged. */
  readonly decisionLog?: DecisionListener | undefined
  /** Absent where there is no console. */
  readonly console?: Pick<Console, 'everything' | 'watch'> | undefined
  /** Absent where tracing is off. */
  readonly trace?: MiddlewareHandler<AppEnv> | undefined
  /** Absent where there are no keys, and everybody who can reach the gateway may do everything. */
  readonly access?: Access | undefined
  readonly accessSample: number
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly metrics: Metrics
  readonly logger: Logger
  readonly randomBytes: (count: number) => Uint8Array
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** performance.now(), which deadlines are measured on. */
  readonly monotonic: () => number
  readonly workers: () => readonly WorkerView[]
  /** True from the moment the process is told to stop. */
  readonly isStopping: () => boolean
}

/** The gateway's HTTP side. Handlers throw; here alone errors become answers. */
export function createApp(deps: AppDeps): Hono<AppEnv> {
  const { learner, limits, metrics, logger } = deps
  const app = new Hono<AppEnv>()

  const deciding = { ...deps, metrics: metrics.decisions, bodyLimit: limits.predictBody }
  const predict = createPredictRoute(deciding)
  const decide = createDecideRoute(deciding)
  const mistakes = createMistakes(deps.monotonic)
  const feedback = createFeedbackRoute({
    ids: deps.ids,
    learner,
    mistakes,
    parking: deps.parking,
    access: deps.access,
    limits,
    logger,
    metrics: metrics.feedback,
    clock: deps.clock,
  })
  const { list, show, drift } = createEndpointsRoutes(deps)
  const { live, ready, scrape } = createHealthRoutes(deps)

  // Outermost, so that lines in the log are within the span.
  if (deps.trace !== undefined) app.use(deps.trace)
  app.use(observe({ ...deps, metrics: metrics.requests }))
  if (deps.access !== undefined) app.use(authorise({ ...deps.access, mistakes, metrics: metrics.access }))
  app.post('/predict', predict)
  app.post('/predict/:endpoint', predict)
  app.post('/decide', decide)
  app.post('/decide/:endpoint', decide)
  app.post('/ofrep/v1/evaluate/flags/:endpoint', createEvaluateRoute(deciding))
  app.post('/feedback', feedback)
  app.get('/endpoints', list)
  app.get('/endpoints/:endpoint', show)
  app.put('/endpoints/:endpoint/arms/:arm', createArmRoute(deps))
  app.get('/endpoints/:endpoint/drift', drift)
  app.route('/', createInferenceRoutes(deciding))

  app.get('/livez', live)
  app.get('/readyz', ready)
  app.get('/metrics', scrape)
  app.get(
    '/openapi.json',
    createOpenApiRoute(() => ({ routes: app.routes, hasKeys: deps.access !== undefined })),
  )
  if (deps.console !== undefined) {
    app.route('/console', createConsoleRoutes(deps.console))
    app.get('/console/', (c) => c.redirect('../console'))
  }

  const checkMethod = methodNotAllowed({
    app,
    onMethodNotAllowed(c, methods) {
      // Headers of an answer that was given before would win over those of the next.
      c.res = undefined
      const headers = { allow: methods.join(', ') }
      return errorResponse(
        c,
        new GatewayError('method_not_allowed', `this path takes ${methods.join(' or ')}: use that`, {
          headers,
        }),
      )
    },
  })
  // Only here, and not around every request.
  app.notFound(async (c) => {
    c.res = errorResponse(c, new GatewayError('unknown_route', 'check the path against the API'))
    await checkMethod(c, async () => {})
    return c.res
  })
  app.onError((thrown, c) => {
    const error = toGatewayError(thrown)
    if (error.code === 'internal')
      logger.error({ err: thrown, request_id: c.get('request').id }, 'request failed')
    return errorResponse(c, error)
  })
  return app
}

function errorResponse(c: AppContext, error: GatewayError): Response {
  return isInferencePath(c.req.path) ? inferenceErrorResponse(c, error) : problemResponse(c, error)
}
