import { mkdir, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { makeOwnDirectory } from '../../model-workers/supervisor/run-directory.ts'
import { sweepRunDirectories } from '../../model-workers/supervisor/sweep.ts'
import type { ModelConfig } from '../config/config.ts'
import { findVersion, type FoundVersion } from '../repository/find-version.ts'
import { createModelCopies } from '../repository/model-copies.ts'
import { admitVersion, type Version } from '../repository/version.ts'
import { StartFault } from '../start-fault.ts'

export interface AdmissionDeps {
  readonly models: readonly ModelConfig[]
  /** The only folder that their files may come from; absent = any. */
  readonly folder: string | undefined
  /** Where their copies are kept; absent = the system's folder for temporary files. */
  readonly copiesDir: string | undefined
  readonly logger: Pick<Logger, 'debug' | 'warn'>
}

/** A model that may be served, in the version that was there at the start. */
export interface AdmittedModel {
  readonly found: FoundVersion
  readonly version: Version
  /** Takes another version, or says why it must not be loaded. */
  readonly admit: (found: FoundVersion) => Promise<Version | string>
}

export interface Admission {
  of(model: ModelConfig): AdmittedModel
  /** Removes every copy. */
  close(): Promise<void>
}

/** @throws StartFault with everything that is wrong with any of the models, or with the folder for their copies */
export async function admitModels({ models, folder, copiesDir, logger }: AdmissionDeps): Promise<Admission> {
  const found = await findModels(models)
  const directory = models.some(({ isCopied }) => isCopied)
    ? await makeCopiesDirectory(copiesDir, logger)
    : undefined
  const copies = directory === undefined ? undefined : createModelCopies(directory)
  const admit = (version: FoundVersion, { sha256, isCopied }: ModelConfig): Promise<Version | string> =>
    admitVersion(version, { folder, sha256, copies: isCopied ? copies : undefined })

  async function close(): Promise<void> {
    if (directory !== undefined) await rm(directory, { recursive: true, force: true })
  }

  const beganAt = performance.now()
  const refused: string[] = []
  const admitted = new Map<string, AdmittedModel>()
  await Promise.all(
    models.map(async (model) => {
      const { name } = model
      const here = found.get(name)!
      const version = await admit(here, model)
      if (typeof version === 'string') refused.push(`${name}: ${version}`)
      else admitted.set(name, { found: here, version, admit: (next) => admit(next, model) })
    }),
  )
  if (refused.length > 0) {
    await close()
    throw new StartFault(['models are not loaded', ...refused.toSorted()].join('\n'))
  }
  const tookMs = Math.round(performance.now() - beganAt)
  logger.debug({ models: admitted.size, directory, tookMs }, 'models are admitted')
  return { of: ({ name }) => admitted.get(name)!, close }
}

/**
 * A folder for this process alone, in which what gateways that were killed have left is removed first. Who owns one is
 * told by a process id, which says something within one machine or container only: hence its name.
 */
async function makeCopiesDirectory(
  copiesDir: string | undefined,
  logger: Pick<Logger, 'warn'>,
): Promise<string> {
  const parent = copiesDir === undefined ? tmpdir() : join(copiesDir, hostname())
  try {
    await mkdir(parent, { recursive: true })
    await sweepRunDirectories(parent, logger)
    return await makeOwnDirectory(parent)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new StartFault(
      `copies of models cannot be kept in ${parent} (${code}): name a folder that can be written to under models_copies, or say copy: off of each model`,
      { cause: error },
    )
  }
}

async function findModels(models: readonly ModelConfig[]): Promise<ReadonlyMap<string, FoundVersion>> {
  const found = new Map<string, FoundVersion>()
  const lost: string[] = []
  await Promise.all(
    models.map(async ({ name, onnx }) => {
      const version = await findVersion(onnx)
      if (version === undefined) lost.push(`${name}: ${onnx}`)
      else found.set(name, version)
    }),
  )
  if (lost.length === 0) return found
  const files = lost.toSorted().join(', ')
  throw new StartFault(
    `no model file at ${files}: put it there, as <version>/model.onnx in a folder, or correct models.<name>.onnx`,
  )
}
