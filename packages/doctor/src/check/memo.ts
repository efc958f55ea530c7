import type { CheckContext } from './check.js'

/**
 * A fact that is worked out once for each examination, when the first check asks for it. A look that
 * failed is a fact too: all who ask get the same error.
 */
export const memoized = <T>(
  find: (context: CheckContext) => Promise<T>,
): ((context: CheckContext) => Promise<T>) => {
  const known = new WeakMap<CheckContext, Promise<T>>()
  return (context) => {
    const fact = known.get(context) ?? find(context)
    known.set(context, fact)
    return fact
  }
}
