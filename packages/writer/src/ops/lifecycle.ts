import { formatLifecycleLine, KittyError, type LifecycleEvent } from '@kitty/record'
import { LifecycleEventSchema } from '@kitty/record/schemas'
import type { Durability } from '../fs/durability.js'
import { LIFECYCLE_PATH } from '../project/paths.js'
import { appendLogLine } from '../records/log-file.js'
import { firstIssue } from './errors.js'

/**
 * Appends an event to the lifecycle log. Throws `LIFECYCLE_INVALID` and writes nothing if the event does not
 * match the schema; otherwise throws what writing throws.
 */
export const appendLifecycle = async (
  root: string,
  event: LifecycleEvent,
  durability: Durability,
): Promise<void> => {
  const parsed = LifecycleEventSchema.safeParse(event)
  if (!parsed.success) {
    const message = `Not a lifecycle event: ${firstIssue(parsed.error)}`
    throw new KittyError('LIFECYCLE_INVALID', message, {
      hint: 'Correct the event. Nothing was written.',
    })
  }
  await appendLogLine(root, LIFECYCLE_PATH, formatLifecycleLine(parsed.data), durability)
}
