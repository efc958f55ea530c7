import { KittyError } from '@kitty/record'

/** Reads objects. If one is damaged, reads the others without it. */
export const readSound = async <T>(
  ids: readonly string[],
  read: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>,
): Promise<ReadonlyMap<string, T>> => {
  if (ids.length === 0) return new Map()
  try {
    return await read(ids)
  } catch (error) {
    if (!(error instanceof KittyError) || error.code !== 'GIT_FAILED') throw error
    if (ids.length === 1) return new Map()
    const half = Math.ceil(ids.length / 2)
    const parts = [
      await readSound(ids.slice(0, half), read),
      await readSound(ids.slice(half), read),
    ]
    return new Map(parts.flatMap((part) => [...part]))
  }
}
