import type { CheckContext } from './check.js'

/**
 * Makes a fact that is determined once per context, when the first check asks for it. A failure is kept
 * too: every caller gets the same error.
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
