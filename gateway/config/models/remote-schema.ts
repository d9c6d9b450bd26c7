import * as z from 'zod'
import { datatypes } from '../../../model-workers/protocol/types.ts'
import { remoteProtocols } from './remote.ts'

const text = z.string().min(1)

/** A name of a variable, so that a secret that stands here by mistake is refused and not looked up. */
const variable = z.string().regex(/^[A-Z_][A-Z0-9_]{0,127}$/, {
  error:
    'expected the name of an environment variable, such as TRITON_TOKEN: the value stays out of this file',
})

const address = z.url({ protocol: /^https?$/, error: 'expected an address, such as http://triton:8000' })

const tensor = z.strictObject({
  datatype: z.enum(datatypes).meta({ description: 'As the Open Inference Protocol names them' }),
  shape: z.array(z.int().min(-1)).max(8).meta({ description: '-1 is any number' }),
  as: text.optional().meta({ description: 'Its name on the server' }),
  at: z
    .string()
    .regex(/^(\/[^/]*)*$/, { error: 'expected a JSON pointer, such as /instances or /rows/*/score' })
    .optional()
    .meta({ description: 'With protocol: json, where it stands; * is each row' }),
})

/** What a model has that a server elsewhere serves. */
export const remoteFields = {
  url: z
    .union([address, z.array(address).min(1).max(64)], {
      error: 'expected an address, such as http://triton:8000, or a list of them',
    })
    .optional()
    .meta({ description: 'Of a server that serves the model, in place of onnx; several share the requests' }),
  protocol: z.enum(remoteProtocols).optional().meta({ description: 'What it speaks; open-inference' }),
  name: text.optional().meta({ description: 'Name of the model there; ours when absent' }),
  version: text.optional().meta({ description: 'Version there; the choice is its own when absent' }),
  headers_env: z
    .record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/), variable)
    .optional()
    .meta({ description: 'Headers that are sent along, and the variables that hold them' }),
  tls: z
    .strictObject({
      ca: text.optional().meta({ description: 'PEM file of who vouches for the server' }),
      cert: text.optional().meta({ description: 'PEM file of what the gateway shows of itself' }),
      key: text.optional().meta({ description: 'PEM file of its private key' }),
      server_name: text.optional().meta({ description: "What the server's certificate is made out for" }),
    })
    .optional()
    .meta({ description: 'For https addresses; paths from the folder of this file' }),
  ready: z
    .string()
    .regex(/^\//, { error: 'expected a path, such as /health' })
    .optional()
    .meta({ description: 'With protocol: json, where it answers 200 when it is ready' }),
  inputs: z
    .record(z.string().min(1), tensor)
    .optional()
    .meta({ description: 'What it takes, by name, where the server does not say' }),
  outputs: z
    .record(z.string().min(1), tensor)
    .optional()
    .meta({ description: 'What it answers, by name, where the server does not say' }),
}
