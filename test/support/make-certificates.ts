import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Certificates {
  readonly ca: string
  readonly server: { readonly cert: string; readonly key: string }
  readonly client: { readonly cert: string; readonly key: string }
}

/** PEM files in `dir`: an authority of its own, a server for 127.0.0.1 and a client. */
export const makeCertificates = async (dir: string): Promise<Certificates> => {
  const path = (name: string) => join(dir, name)
  const make = (name: string, ...rest: readonly string[]) => {
    const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
    const files = ['-keyout', path(`${name}.key`), '-out', path(`${name}.pem`)]
    return run('openssl', ['req', '-x509', ...fresh, ...files, '-subj', `/CN=${name}`, ...rest])
  }
  await make('ca')
  const signed = ['-CA', path('ca.pem'), '-CAkey', path('ca.key')]
  const leaf = ['-addext', 'basicConstraints=critical,CA:FALSE']
  await Promise.all([
    make('server', ...signed, ...leaf, '-addext', 'subjectAltName=IP:127.0.0.1'),
    make('client', ...signed, ...leaf),
  ])
  const pair = (name: string) => ({ cert: path(`${name}.pem`), key: path(`${name}.key`) })
  return { ca: path('ca.pem'), server: pair('server'), client: pair('client') }
}
