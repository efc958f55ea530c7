import type { Examination } from './check.js'

/**
 * A fact that is worked out once for each examination, when the first check asks for it. A look that
 * failed is a fact too: all who ask get the same error.
 */
export const sharedFact = <T>(
  find: (at: Examination) => Promise<T>,
): ((at: Examination) => Promise<T>) => {
  const known = new WeakMap<Examination, Promise<T>>()
  return (at) => {
    const fact = known.get(at) ?? find(at)
    known.set(at, fact)
    return fact
  }
}
