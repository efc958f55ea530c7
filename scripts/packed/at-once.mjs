import { Trouble } from '../trouble.mjs'

/** Waits for all tasks, which run at once. Throws if one of them failed: a bug, or the `Trouble` of all. */
export const atOnce = async (tasks) => {
  const results = await Promise.allSettled(tasks)
  const reasons = results.flatMap(({ reason }) => (reason ? [reason] : []))
  const bug = reasons.find((reason) => !(reason instanceof Trouble))
  if (bug) throw bug
  if (reasons.length > 0) throw new Trouble(reasons.map(({ message }) => message).join('\n'))
}
