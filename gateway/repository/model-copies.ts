import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { takeModel, type ModelSource, type TakenModel } from './take-model.ts'

/** Models as they were when they were taken, in a folder that nobody but the gateway's user can enter. */
export interface ModelCopies {
  /** Rejects for no reason that concerns the model: that is what it answers with. */
  take(source: ModelSource): Promise<HeldModel | string>
}

/** The copy is there until it is let go. */
export interface HeldModel extends TakenModel {
  release(): Promise<void>
}

/** Copies that are the same are one. */
interface Place {
  users: number
  readonly folder: string
  readonly file: string
}

/** @param directory of this process alone; whoever made it removes it */
export function createModelCopies(directory: string): ModelCopies {
  const places = new Map<string, Place>()
  let count = 0

  async function release(digest: string): Promise<void> {
    const place = places.get(digest)!
    if (--place.users > 0) return
    places.delete(digest)
    await rm(place.folder, { recursive: true, force: true })
  }

  return {
    async take(source) {
      const folder = join(directory, String(count++))
      let isKept = false
      try {
        const taken = await takeModel(source, folder)
        if (typeof taken === 'string') return taken
        const { digest, file } = taken
        const place = places.get(digest) ?? { users: 0, folder, file }
        isKept = place.folder === folder
        place.users++
        places.set(digest, place)
        let isHeld = true
        return {
          file: place.file,
          digest,
          async release() {
            if (!isHeld) return
            isHeld = false
            await release(digest)
          },
        }
      } finally {
        if (!isKept) await rm(folder, { recursive: true, force: true })
      }
    },
  }
}
