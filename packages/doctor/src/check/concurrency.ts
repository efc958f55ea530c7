/**
 * Does something to each item, at most `atOnce` of them at a time, and gives the results in the order of
 * the items. Rejects as soon as one does.
 */
export const mapConcurrent = async <T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> => {
  const results: R[] = []
  const rest = items.entries()
  const worker = async (): Promise<void> => {
    for (const [number, item] of rest) results[number] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  return results
}
