import { Hono } from 'hono'
import type { AppEnv } from '../http/request-info.ts'
import type { PredictRouteDeps } from '../predict/route.ts'
import { createInfer } from './infer.ts'
import { createMetadataRoutes, type MetadataDeps } from './metadata.ts'
import { createRepositoryRoutes } from './repository.ts'
import { createTritonRoutes } from './triton.ts'

/** The Open Inference Protocol, under /v2: each endpoint is a model, its arms are the versions of it. */
export function createInferenceRoutes(deps: PredictRouteDeps & MetadataDeps): Hono<AppEnv> {
  const { server, live, ready, list, model, modelReady } = createMetadataRoutes(deps)
  const { index, load, unload } = createRepositoryRoutes(deps.endpoints)
  const { allStatistics, statistics, config } = createTritonRoutes(deps)
  const infer = createInfer(deps)
  const routes = new Hono<AppEnv>()
  // The protocol's own documents disagree about the last stroke.
  routes.get('/v2', server)
  routes.get('/v2/', server)
  routes.get('/v2/health/live', live)
  routes.get('/v2/health/ready', ready)
  routes.get('/v2/models', list)
  routes.get('/v2/models/stats', allStatistics)
  for (const path of ['/v2/models/:endpoint', '/v2/models/:endpoint/versions/:arm']) {
    routes.get(path, model)
    routes.get(`${path}/ready`, modelReady)
    routes.get(`${path}/stats`, statistics)
    routes.get(`${path}/config`, config)
    routes.post(`${path}/infer`, infer)
  }
  routes.post('/v2/repository/index', index)
  routes.post('/v2/repository/models/:endpoint/load', load)
  routes.post('/v2/repository/models/:endpoint/unload', unload)
  return routes
}
