import { stat, truncate } from 'node:fs/promises'

/**
 * Takes a failed append back off the end of a file, so that no torn line stays. A file that has the
 * whole of it is left alone, and so is one that cannot be cut: readers cope with a torn tail.
 */
export const cutBack = async (path: string, before: number, whole: number): Promise<void> => {
  const size = await stat(path).then(
    (info) => info.size,
    () => before,
  )
  if (size > before && size < whole) await truncate(path, before).catch(() => undefined)
}
