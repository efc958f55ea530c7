import type { LifecycleEvent } from '../events/wire.js'

/** All events of one step in one mission, in the order of the log. */
export type LifecycleGroup = Readonly<{
  mission_id: string
  canonical_action_id: string
  /** The `started` events. */
  started: readonly LifecycleEvent[]
  /** The `completed` and `failed` events. */
  ended: readonly LifecycleEvent[]
  /** How many starts have no end: `started` minus `ended`, at least 0. */
  unpaired: number
}>

/** Which steps have started, and which of them have ended. */
export type LifecyclePairs = Readonly<{
  groups: readonly LifecycleGroup[]
  /** The groups with starts that have no end. */
  unpaired: readonly LifecycleGroup[]
  /** The share of starts that have an end, from 0 to 1; 1 if there are no starts. */
  rate: number
}>

/**
 * Pairs starts with ends by mission and step. A second start does not hide the first, and an end in one group does
 * not count for a start in another.
 */
export function pairLifecycle(events: readonly LifecycleEvent[]): LifecyclePairs {
  const groups = [...gather(events).values()].map(toGroup)
  const started = groups.reduce((sum, group) => sum + group.started.length, 0)
  const unpaired = groups.reduce((sum, group) => sum + group.unpaired, 0)
  return Object.freeze({
    groups: Object.freeze(groups),
    unpaired: Object.freeze(groups.filter((group) => group.unpaired > 0)),
    rate: started === 0 ? 1 : (started - unpaired) / started,
  })
}

function gather(
  events: readonly LifecycleEvent[],
): Map<string, [LifecycleEvent, ...LifecycleEvent[]]> {
  const groups = new Map<string, [LifecycleEvent, ...LifecycleEvent[]]>()
  for (const event of events) {
    const key = JSON.stringify([event.mission_id, event.canonical_action_id])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [event])
    else group.push(event)
  }
  return groups
}

function toGroup(events: [LifecycleEvent, ...LifecycleEvent[]]): LifecycleGroup {
  const { mission_id, canonical_action_id } = events[0]
  const started = events.filter((event) => event.phase === 'started')
  const ended = events.filter((event) => event.phase !== 'started')
  return Object.freeze({
    mission_id,
    canonical_action_id,
    started: Object.freeze(started),
    ended: Object.freeze(ended),
    unpaired: Math.max(0, started.length - ended.length),
  })
}
