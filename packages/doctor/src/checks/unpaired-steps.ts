import { type LifecycleGroup, pairLifecycle, parseLifecycleLog } from '@kitty/record'
import { LIFECYCLE_PATH } from '@kitty/writer/internals'
import type { Check } from '../check/check.js'
import { singleLine } from '../check/wording.js'
import { linesOf } from '../facts/log-lines.js'

const SHOWN = 3

const nameOf = ({ canonical_action_id, mission_id }: LifecycleGroup): string =>
  `${singleLine(canonical_action_id)} in mission ${singleLine(mission_id)}`

/** Steps of missions that were started more often than they ended: still running, or never ended. */
export const unpairedSteps: Check = {
  id: 'unpaired-steps',
  run: async (context) => {
    const lines = await linesOf(context, LIFECYCLE_PATH)
    const { events } = parseLifecycleLog(lines.map(({ text }) => text).join('\n'))
    const { unpaired, groups, rate } = pairLifecycle(events)
    if (unpaired.length === 0) return []
    const names = unpaired.slice(0, SHOWN).map(nameOf).join('; ')
    const more = unpaired.length > SHOWN ? `; and ${unpaired.length - SHOWN} more` : ''
    const message = `${unpaired.length} of ${groups.length} steps were started and have not ended (${names}${more}); ${Math.round(rate * 100)}% of the starts have an end. The program that runs the mission must end them.`
    const base = { id: unpairedSteps.id, severity: 'info', path: LIFECYCLE_PATH } as const
    return [{ ...base, message, fixable: false, next: [] }]
  },
}
