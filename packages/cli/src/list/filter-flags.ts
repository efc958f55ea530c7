import { OUTCOMES } from '@kitty/record/vocabulary'
import type { OpFilter } from '@kitty/writer'
import { option, string } from '@oclif/core/flags'
import { definedFields } from '../command/defined.js'
import { UsageError } from '../command/errors.js'
import { parseTimeFlag } from './time-flag.js'

const OUTCOMES_READ = [...OUTCOMES, 'unknown'] as const

/** The flags that select Ops. An Op must match all that are given. */
export const FILTER_FLAGS = {
  status: option({
    options: ['open', 'closed'] as const,
    summary: 'Only open Ops, or only closed Ops.',
  })(),
  outcome: option({ options: OUTCOMES_READ, summary: 'Only Ops with this outcome.' })(),
  profile: string({ summary: 'Only Ops of this profile.', helpValue: 'PROFILE' }),
  actor: string({ summary: 'Only Ops of this actor.', helpValue: 'ACTOR' }),
  mission: string({ summary: 'Only Ops of this mission.', helpValue: 'ULID' }),
  wp: string({ summary: 'Only Ops of this work package.', helpValue: 'WP' }),
  since: string({ summary: 'Only Ops that were opened at this time or later.', helpValue: 'TIME' }),
  until: string({
    summary: 'Only Ops that were opened at this time or earlier.',
    helpValue: 'TIME',
  }),
  grep: string({ summary: 'Only Ops with this text, in upper or lower case.', helpValue: 'TEXT' }),
}

/** The description of these flags. */
export const FILTER_DESCRIPTION = `\
An Op must match all filters. TIME is a date (2026-03-01), a time (2026-03-01T12:00Z), a day (today,
yesterday, monday), or an age (90m, 2h, 3d, "2 weeks ago"). TEXT is plain text, not a pattern: it is searched in
the whole request, the reason and other notes, and in profile, action, actor, model, mission, work package,
evidence, artifacts and commits.`

type FilterFlags = {
  readonly [Key in 'profile' | 'actor' | 'mission' | 'wp' | 'since' | 'until' | 'grep']?:
    | string
    | undefined
} & {
  readonly status?: 'open' | 'closed' | undefined
  readonly outcome?: (typeof OUTCOMES_READ)[number] | undefined
}

const moment = (flag: 'since' | 'until', text: string | undefined, now: Date) =>
  text === undefined ? undefined : parseTimeFlag(flag, text, now)

const searched = (typed: string | undefined): string | undefined => {
  if (typed !== '') return typed
  throw new UsageError('USAGE', '--grep: no text', {
    hint: 'Use the text to search for, or leave out --grep.',
  })
}

/** Builds the filter from the flags. Throws `TIME_INVALID`, `USAGE`. */
export const opFilterOf = (flags: FilterFlags, now: Date): OpFilter =>
  definedFields({
    status: flags.status,
    outcome: flags.outcome,
    profile_id: flags.profile,
    actor: flags.actor,
    mission_id: flags.mission,
    wp_id: flags.wp,
    since: moment('since', flags.since, now),
    until: moment('until', flags.until, now),
    text: searched(flags.grep),
  })
