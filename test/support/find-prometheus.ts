import { runs } from './find-redis.ts'

/** Whether Prometheus and its tool are on PATH; they come from the distribution's package `prometheus`. */
export const findPrometheus = async (): Promise<boolean> => {
  const found = await Promise.all(
    ['prometheus', 'promtool'].map((command) => runs({ command, env: process.env })),
  )
  return found.every(Boolean)
}

/** Why tests that need Prometheus are skipped; undefined where they run. With CI=true they run, and fail. */
export const whyNoPrometheus = async (): Promise<string | undefined> => {
  if (process.env.CI === 'true' || (await findPrometheus())) return undefined
  return 'no prometheus and promtool on PATH: install the package prometheus'
}
