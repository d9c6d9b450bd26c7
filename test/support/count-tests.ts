import { type CliOptions, createVitest } from 'vitest/node'

/** How many tests match, read from the files without running them; a test in a loop counts once. */
export const countTests = async (filter: string[], options: CliOptions): Promise<number> => {
  const vitest = await createVitest({ ...options, watch: false, reporters: [] })
  try {
    const modules = await vitest.parseSpecifications(await vitest.getRelevantTestSpecifications(filter))
    return modules.reduce((count, module) => count + [...module.children.allTests()].length, 0)
  } finally {
    await vitest.close()
  }
}
