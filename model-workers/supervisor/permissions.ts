import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface WorkerFiles {
  /** Absolute path of the model. */
  readonly onnx: string
  /** Where the worker makes its socket. */
  readonly directory: string
}

/**
 * Options for Node under which a worker reads its own code and its model, writes beside its socket, and starts neither
 * processes nor threads. A second fence: it holds JavaScript, of which a worker runs a lot that is not ours, but not
 * ONNX Runtime, which is native and has to be allowed as a whole (`--allow-addons`). What holds that is the user, the
 * read-only root and the seccomp profile of the container.
 *
 * None where this Node cannot tell a Unix socket from a file, before version 26.
 */
export function workerPermissions({ onnx, directory }: WorkerFiles): readonly string[] {
  if (!process.allowedNodeEnvironmentFlags.has('--allow-net')) return []
  return [
    '--permission',
    // Each says that the permission model has its limits, which are told above.
    '--disable-warning=PERM0001',
    '--disable-warning=ExperimentalWarning',
    '--allow-addons',
    '--allow-net',
    ...[...codeFolders, join(directory, '*'), onnx].map((path) => `--allow-fs-read=${path}`),
    `--allow-fs-write=${join(directory, '*')}`,
  ]
}

const workers = join(import.meta.dirname, '..')
const root = join(workers, '..')

/** Ours, and every folder of packages that ours can be found in: it may be a package itself. */
const codeFolders = [
  join(workers, '*'),
  join(root, 'package.json'),
  join(root, 'node_modules', '*'),
  // The package has its code in a folder of its own.
  join(root, '..', 'node_modules', '*'),
  join(packagesOf(fileURLToPath(import.meta.resolve('onnxruntime-node'))), '*'),
]

function packagesOf(file: string): string {
  const at = file.lastIndexOf('node_modules')
  return at < 0 ? dirname(file) : file.slice(0, at + 'node_modules'.length)
}
