import { type DigitsModel, images, modelPath } from '../../support/digits.ts'

interface DigitsOptions {
  /** Each is an arm of its own name. */
  readonly models: readonly DigitsModel[]
  readonly replicas?: number
  readonly files?: Readonly<Partial<Record<DigitsModel, string>>>
  /** `off`: workers load the files themselves, which may change under them. */
  readonly copy?: 'off'
  /** More arms than the models. */
  readonly arms?: object
  /** Over what is said here of the endpoint. */
  readonly endpoint?: object
  /** Over what is said here of the whole file. */
  readonly more?: object
}

/** A configuration with one endpoint `digits`, whose arms all get the same share of the traffic. */
export function digits({
  models,
  replicas = 1,
  files = {},
  copy,
  arms,
  endpoint,
  more,
}: DigitsOptions): object {
  return {
    models: Object.fromEntries(
      models.map((name) => [name, { onnx: files[name] ?? modelPath(name), replicas, ...(copy && { copy }) }]),
    ),
    endpoints: {
      digits: {
        arms: { ...Object.fromEntries(models.map((name) => [name, { model: name }])), ...arms },
        policy: { name: 'uniform' },
        reward: { from: 'reward', window: '10m' },
        deadline: '1s',
        ...endpoint,
      },
    },
    ...more,
  }
}

export const predictPath = '/predict/digits'

/** What is asked of it: one of the held-out images. */
export function imageBody(index: number): { readonly inputs: object } {
  return { inputs: { pixels: [images[index % images.length]!.pixels] } }
}

export function labelOf(index: number): number {
  return images[index % images.length]!.label
}
