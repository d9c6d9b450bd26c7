import packageFile from '../../package.json' with { type: 'json' }
import type { AppContext } from '../http/request-info.ts'
import { openApiDocument, type DocumentedGateway } from './document.ts'

/** GET /openapi.json: made when it is first asked for, and never again. */
export function createOpenApiRoute(
  describe: () => Omit<DocumentedGateway, 'version'>,
): (c: AppContext) => Response {
  let text: string | undefined
  return (c) => {
    text ??= JSON.stringify(openApiDocument({ ...describe(), version: packageFile.version }))
    const headers = { 'content-type': 'application/json', 'x-request-id': c.get('request').id }
    return new Response(text, { headers })
  }
}
