#!/usr/bin/env node
// First: it must come before anything that loads ONNX Runtime.
import '../model-workers/no-telemetry.ts'
import { exitCodeOf, explain } from './faults.ts'
import { createProgram } from './program.ts'

try {
  await createProgram().parseAsync()
} catch (error) {
  const explanation = explain(error)
  if (explanation !== undefined) console.error(explanation)
  process.exitCode = exitCodeOf(error)
}
