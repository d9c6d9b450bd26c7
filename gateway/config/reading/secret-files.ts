/** Reads a whole file as text; throws where it cannot. */
export type ReadText = (path: string) => string

/** Variables whose values nobody may see: each may be given as a file instead, which is named in `…_FILE`. */
const secrets = [
  'BANDIT_SIGNING_KEYS',
  'BANDIT_API_KEYS',
  'BANDIT_REDIS_PASSWORD',
  'BANDIT_SENTINEL_PASSWORD',
] as const

/** The variables with what stands in the files in its place, and what is wrong with those. */
export function withSecretFiles(
  given: Readonly<Record<string, string>>,
  readText: ReadText,
): { variables: Readonly<Record<string, string>>; faults: string[] } {
  const variables = { ...given }
  const faults: string[] = []
  for (const name of secrets) {
    const path = given[`${name}_FILE`]
    if (path === undefined) continue
    if (given[name] !== undefined) faults.push(`${name}_FILE: ${name} is set too: take one of them out`)
    try {
      const text = readText(path).trim()
      if (text === '') faults.push(`${name}_FILE: there is nothing in ${path}`)
      else variables[name] = text
    } catch (error) {
      faults.push(`${name}_FILE: ${(error as Error).message}`)
    }
  }
  return { variables, faults }
}
