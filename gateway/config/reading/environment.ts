import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { logLevels, type LogLevel } from '../config.ts'
import { withSecretFiles, type ReadText } from './secret-files.ts'

/** What comes from the environment: secrets, and what one start of a process may want otherwise. */
export interface Environment {
  /**
   * Secrets that prediction ids are sealed with, under their numbers: the first signs, all verify. Empty = the
   * secret that the gateways share through their store.
   */
  readonly signingKeys: readonly { readonly id: number; readonly secret: string }[]
  /** A list as under `auth.keys`, in YAML or JSON, not read yet. */
  readonly apiKeys: string | undefined
  readonly redisPassword: string | undefined
  /** Of the Sentinels, where they have one. */
  readonly sentinelPassword: string | undefined
  /** Goes before the log level of the file. */
  readonly logLevel: LogLevel | undefined
  /** `OTEL_…`: settings of the OpenTelemetry SDK, which checks them itself. */
  readonly openTelemetry: Readonly<Record<string, string>>
}

export type EnvironmentResult =
  | { readonly environment: Environment }
  /** Each names its variable and how to mend it, never its value. */
  | { readonly faults: readonly string[] }

const schema = z.object({
  BANDIT_SIGNING_KEYS: z
    .string()
    .transform((text) => text.split(/[,\n]/).map(parseSigningKey))
    .refine((keys) => keys.every((key) => key !== undefined), {
      error:
        'expected id:secret pairs with commas or ends of lines between them, ids from 0 to 255, secrets of 32 characters and more',
    })
    .transform((keys) => keys.filter((key) => key !== undefined))
    .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, {
      error: 'two keys have the same id: give each its own',
    })
    .optional(),
  BANDIT_API_KEYS: z.string().optional(),
  BANDIT_REDIS_PASSWORD: z.string().optional(),
  BANDIT_SENTINEL_PASSWORD: z.string().optional(),
  LOG_LEVEL: z.enum(logLevels, { error: `expected one of ${logLevels.join(', ')}` }).optional(),
})

/**
 * The only reader of process.env. A variable set to nothing counts as absent. Secrets may stand in files, which are
 * read once, here.
 */
export function readEnvironment(
  variables: NodeJS.ProcessEnv = process.env,
  readText: ReadText = (path) => readFileSync(path, 'utf8'),
): EnvironmentResult {
  const given = Object.entries(variables).filter(isGiven)
  const { variables: read, faults } = withSecretFiles(Object.fromEntries(given), readText)
  const parsed = schema.safeParse(read)
  for (const { path, message } of parsed.error?.issues ?? []) faults.push(`${path.join('.')}: ${message}`)
  if (!parsed.success || faults.length > 0) return { faults }
  const { BANDIT_SIGNING_KEYS, BANDIT_API_KEYS, LOG_LEVEL } = parsed.data
  const { BANDIT_REDIS_PASSWORD, BANDIT_SENTINEL_PASSWORD } = parsed.data
  return {
    environment: Object.freeze({
      signingKeys: BANDIT_SIGNING_KEYS ?? [],
      apiKeys: BANDIT_API_KEYS,
      redisPassword: BANDIT_REDIS_PASSWORD,
      sentinelPassword: BANDIT_SENTINEL_PASSWORD,
      logLevel: LOG_LEVEL,
      openTelemetry: Object.fromEntries(given.filter(isOpenTelemetry)),
    }),
  }
}

/** What the configuration names a variable for. One that is set to nothing counts as absent. */
export function readVariable(name: string): string | undefined {
  return process.env[name] || undefined
}

function isGiven(variable: [string, string | undefined]): variable is [string, string] {
  return variable[1] !== undefined && variable[1] !== ''
}

function isOpenTelemetry([name]: [string, string]): boolean {
  return name.startsWith('OTEL_')
}

function parseSigningKey(text: string): { id: number; secret: string } | undefined {
  const [, digits, secret] = /^\s*(\d{1,3}):(\S{32,})\s*$/.exec(text) ?? []
  const id = Number(digits)
  return id <= 255 ? { id, secret: secret! } : undefined
}
