/**
 * Calls `work` for each item, for at most `atOnce` items at a time. Returns the results in the order of the
 * items. Rejects as soon as one call does.
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
