import * as z from 'zod/mini'
import { deepFreeze } from '../base/freeze.js'
import { TimestampSchema } from '../base/timestamp.js'
import { filledText, oneOf, openObject, optional, text } from '../events/fields.js'
import type { LifecycleEvent } from '../events/wire.js'

/** An event of a mission step: an agent started it, completed it, or failed. */
export const LifecycleEventSchema = openObject({
  agent: text,
  at: TimestampSchema,
  canonical_action_id: filledText,
  metadata: optional(z.unknown()),
  mission_id: filledText,
  phase: oneOf(['started', 'completed', 'failed']),
  reason: z._default(z.nullable(text), null),
  wp_id: z._default(z.nullable(text), null),
})

/** A parsed lifecycle log. */
export type LifecycleLog = Readonly<{
  /** In file order, each once. */
  events: readonly LifecycleEvent[]
  /** How many lines could not be parsed; blank lines do not count. */
  skipped: number
  /** How many lines repeat an earlier one, for example after a union merge. */
  repeated: number
}>

/** Formats an event as one line of JSON with its `\n`: keys sorted at every depth, `null` kept. */
export const formatLifecycleLine = (event: LifecycleEvent): string =>
  `${sortedJson(JSON.parse(JSON.stringify(event)))}\n`

function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => sortedJson(item)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, item]) => `${JSON.stringify(key)}:${sortedJson(item)}`).join(',')}}`
}

/** Parses a lifecycle log. Never throws: a line that cannot be parsed is skipped and counted. */
export function parseLifecycleLog(text: string): LifecycleLog {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const distinct = [...new Set(lines)]
  const events = distinct.flatMap(readLifecycleLine)
  const log = {
    events,
    skipped: distinct.length - events.length,
    repeated: lines.length - distinct.length,
  }
  deepFreeze(log)
  return log
}

function readLifecycleLine(line: string): LifecycleEvent[] {
  try {
    const result = LifecycleEventSchema.safeParse(JSON.parse(line))
    return result.success ? [result.data] : []
  } catch {
    return []
  }
}
