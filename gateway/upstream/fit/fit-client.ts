import type { ModelFit } from '../../config/models/fit.ts'
import { UpstreamError } from '../errors.ts'
import type { ReplicaClient } from '../replicas/client.ts'
import { fitMetadata, type Fitted } from './fit-metadata.ts'

/** A replica whose tensors are those that `fit` makes of them; itself, where there is none. */
export function fitClient(client: ReplicaClient, model: string, fit: ModelFit | undefined): ReplicaClient {
  if (fit === undefined) return client
  let fitted: Fitted | undefined
  return {
    ...client,
    async metadata(timeoutMs) {
      const found = await client.metadata(timeoutMs)
      try {
        fitted = fitMetadata(fit, found)
        return fitted.metadata
      } catch (cause) {
        throw misfit(cause)
      }
    },
    // Nobody is asked before it has said what it takes.
    async infer(request, signal, timeoutMs, more) {
      const { toModel } = fitted!.inputs
      const asked = { ...request, inputs: request.inputs.map(toModel) }
      const response = await client.infer(asked, signal, timeoutMs, more)
      try {
        return { ...response, outputs: fitted!.outputs.fromModel(response.outputs) }
      } catch (cause) {
        throw misfit(cause)
      }
    },
  }

  function misfit(cause: unknown): UpstreamError {
    const message = `${model} does not fit models.${model}.fit: ${(cause as Error).message}`
    return new UpstreamError('bad_output', model, message, { cause })
  }
}
