import { type Address, openAddress } from './address.ts'
import { chunksOf } from './chunks.ts'
import { createTeller } from './teller.ts'
import type { Traffic } from './traffic.ts'

/** What one writer process is told on its command line, as JSON. */
export interface WriterTask {
  readonly address: Address
  readonly traffic: Traffic
  /** Whose share of the feedback it is. */
  readonly writer: number
  /** Chunks before this one have been acknowledged. */
  readonly firstChunk: number
}

/** Tells its share of the feedback chunk by chunk, and says the number of each once it is in the store. */
const { address, traffic, writer, firstChunk } = JSON.parse(process.argv[2]!) as WriterTask
const store = await openAddress(address)
const teller = createTeller(store, traffic)
const chunks = chunksOf(traffic, writer)
for (let chunk = firstChunk; chunk < chunks.length; chunk++) {
  await teller.tell(chunks[chunk]!, { gateway: `writer-${writer}`, sequence: chunk + 1 })
  process.stdout.write(`${chunk}\n`)
}
await store.close()
