import { once } from 'node:events'
import { lstat, unlink } from 'node:fs/promises'
import { connect, type NetConnectOpts, type Server } from 'node:net'

export type Address = { readonly socket: string } | { readonly host: string; readonly port: number }

/** A server that cannot be reached where it was told to listen; the message says how to mend it. */
export class ListenFault extends Error {
  readonly code = 'cannot_listen'
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ListenFault'
  }
}

/** What a Unix socket's path may take in bytes (sun_path holds 108 with its end mark, 104 on macOS). */
const maxSocketPath = process.platform === 'darwin' ? 103 : 107

/** Throws a ListenFault when the kernel would cut the path off. */
export function checkSocketPath(path: string): void {
  const length = Buffer.byteLength(path)
  if (length <= maxSocketPath) return
  throw new ListenFault(
    `${path} is ${length} bytes, a socket's path may have ${maxSocketPath}: use a shorter folder`,
  )
}

/** Resolves to where the server listens, with the port that was found when 0 was asked for. */
export async function listen(server: Server, address: Address): Promise<Address> {
  if ('socket' in address) {
    checkSocketPath(address.socket)
    await removeStaleSocket(address.socket)
  }
  try {
    server.listen('socket' in address ? { path: address.socket } : address)
    await once(server, 'listening')
  } catch (cause) {
    throw new ListenFault(explain(address, cause as NodeJS.ErrnoException), { cause })
  }
  const bound = server.address()
  if (typeof bound !== 'object' || bound === null) return address
  return { host: bound.address, port: bound.port }
}

/** A worker that was killed leaves its socket behind; one that answers is somebody's. */
async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (found?.isSocket() !== true || (await isListenedOn({ path }))) return
  await unlink(path)
}

/** Whether somebody takes connections there. */
export async function isListenedOn(address: NetConnectOpts): Promise<boolean> {
  const socket = connect(address)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

function explain(address: Address, error: NodeJS.ErrnoException): string {
  const where = 'socket' in address ? address.socket : `${address.host}:${address.port}`
  if (error.code === 'EADDRINUSE') return `${where} is in use: stop what listens there or choose another`
  // For a socket in a folder that is not there libuv says EACCES too.
  if (error.code === 'EACCES' || error.code === 'ENOENT') {
    return `${where} may not be listened on: see that its folder is there and may be written to, or choose another`
  }
  return `cannot listen on ${where} (${error.message}): choose another`
}
