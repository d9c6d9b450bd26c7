import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { InferenceSession, Tensor } from 'onnxruntime-node'

/**
 * What a team writes in an afternoon, and what everything else is compared with: one process, one model, JSON in,
 * JSON out. No choice of models, no validation, no ids, no limits, no batching.
 *
 *     node bare.ts <model.onnx> <port>
 */
const [file, port] = process.argv.slice(2)
const session = await InferenceSession.create(file!, { intraOpNumThreads: 1, interOpNumThreads: 1 })

const app = new Hono()
app.post('/predict', async (c) => {
  const { inputs } = await c.req.json<{ inputs: { pixels: number[][] } }>()
  const rows = inputs.pixels
  const pixels = new Tensor('float32', Float32Array.from(rows.flat()), [rows.length, rows[0]!.length])
  const { label, probabilities } = await session.run({ pixels })
  const classes = probabilities!.dims[1]!
  const flat = Array.from(probabilities!.data as Float32Array)
  return c.json({
    outputs: {
      label: Array.from(label!.data as BigInt64Array, Number),
      probabilities: rows.map((_, row) => flat.slice(row * classes, (row + 1) * classes)),
    },
  })
})
serve({ fetch: app.fetch, port: Number(port), hostname: '127.0.0.1' })
