import { readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { KeyConfig } from '../../config/access/auth-config.ts'
import { formatFault } from '../../config/parse-config.ts'
import { parseKeys } from '../../config/access/parse-keys.ts'
import { StartFault } from '../../start-fault.ts'
import { createKeyRing, type KeyRing } from './key-ring.ts'

export interface KeysFile {
  /** As of the last look at the file. */
  ring(): KeyRing
  /**
   * Reads the file again. One that has become unreadable or faulty changes nothing: the keys that were there go on, so
   * that a slip locks nobody out. Never rejects.
   */
  look(): Promise<void>
}

export interface KeysFileDeps {
  readonly path: string
  /** Keys that are not in the file, and always there. */
  readonly others: readonly KeyConfig[]
  readonly endpoints: readonly string[]
  readonly logger: Logger
}

/** @throws StartFault with every fault of the file at once */
export async function openKeysFile({ path, others, endpoints, logger }: KeysFileDeps): Promise<KeysFile> {
  let known = ''
  let complaint = ''
  let ring = toRing(await read())

  async function read(): Promise<string> {
    return readFile(path, 'utf8').catch((error: unknown) => {
      throw new StartFault(`cannot read the keys ${path}: ${(error as Error).message}`, { cause: error })
    })
  }

  function toRing(text: string): KeyRing {
    const result = parseKeys(text, path, endpoints)
    if ('faults' in result)
      throw new StartFault(['the keys are not valid', ...result.faults.map(formatFault)].join('\n'))
    known = text
    return createKeyRing([...others, ...result.keys])
  }

  return {
    ring: () => ring,
    async look() {
      try {
        const text = await read()
        if (text === known) return
        ring = toRing(text)
        complaint = ''
        logger.info('the keys were read again')
      } catch (error) {
        const { message } = error as Error
        if (message !== complaint) logger.error({ fault: message }, 'the keys stay as they were')
        complaint = message
      }
    },
  }
}
