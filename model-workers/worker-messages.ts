import type { Address } from './listen.ts'
import type { ModelMetadata } from './protocol/types.ts'

/** What a worker tells the supervisor that started it. */
export type WorkerMessage =
  | { readonly type: 'ready'; readonly address: Address; readonly metadata: ModelMetadata }
  | { readonly type: 'failed'; readonly reason: string }
