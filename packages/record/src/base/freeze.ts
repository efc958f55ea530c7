/** Freezes a value and everything in it. Iterative, because hostile text can nest to any depth. */
export function deepFreeze(root: object): void {
  const waiting: object[] = [root]
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    Object.freeze(value)
    for (const inner of Object.values(value)) {
      if (typeof inner === 'object' && inner !== null) waiting.push(inner)
    }
  }
}
