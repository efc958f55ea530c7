import { formatLifecycleLine, KittyError, type LifecycleEvent } from '@kitty/record'
import { LifecycleEventSchema } from '@kitty/record/schemas'
import { redactSecrets } from '../content/redact.js'
import { LIFECYCLE_PATH } from '../project/paths.js'
import { appendLogLine } from '../records/log-file.js'
import type { StoreContext } from './context.js'
import { firstIssue } from './errors.js'

/** The parts of a store that the log uses. */
type LifecycleContext = Pick<StoreContext, 'root' | 'redact' | 'redactPatterns' | 'durability'>

/**
 * Appends an event to the lifecycle log, its reason without secrets. Throws `LIFECYCLE_INVALID` and writes nothing if the event does not
 * match the schema; otherwise throws what writing throws.
 */
export const appendLifecycle = async (
  { root, redact, redactPatterns, durability }: LifecycleContext,
  event: LifecycleEvent,
): Promise<void> => {
  const parsed = LifecycleEventSchema.safeParse(event)
  if (!parsed.success) {
    const message = `Not a lifecycle event: ${firstIssue(parsed.error)}`
    throw new KittyError('LIFECYCLE_INVALID', message, {
      hint: 'Correct the event. Nothing was written.',
    })
  }
  const { reason } = parsed.data
  const line = formatLifecycleLine({
    ...parsed.data,
    ...(redact &&
      reason !== null && { reason: (await redactSecrets(reason, redactPatterns)).text }),
  })
  await appendLogLine(root, LIFECYCLE_PATH, line, durability)
}
