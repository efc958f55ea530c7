import type { LaneKind } from './row-order.js'

/** What of the page is kept in its address: it can be shared, and works from a file. */
export type UrlState = {
  readonly text: string
  readonly outcomes: readonly string[]
  readonly profile: string
  readonly mission: string
  readonly by: LaneKind | undefined
}

const isLaneKind = (text: string | null): text is LaneKind =>
  text === 'mission' || text === 'profile' || text === 'actor'

/** Reads the part of an address after `#`. What it does not have is empty; what it should not have is ignored. */
export const stateOfHash = (hash: string): UrlState => {
  const read = new URLSearchParams(hash.replace(/^#/, ''))
  const by = read.get('by')
  return {
    text: read.get('search') ?? '',
    outcomes: (read.get('outcome') ?? '').split(',').filter(Boolean),
    profile: read.get('profile') ?? '',
    mission: read.get('mission') ?? '',
    by: isLaneKind(by) ? by : undefined,
  }
}

/** Writes the part of an address after `#`; empty if nothing is filtered. */
export const hashOfState = ({ text, outcomes, profile, mission, by }: UrlState): string => {
  const written = new URLSearchParams()
  for (const [name, value] of [
    ['search', text],
    ['outcome', outcomes.join(',')],
    ['profile', profile],
    ['mission', mission],
    ['by', by ?? ''],
  ] as const) {
    if (value !== '') written.set(name, value)
  }
  return written.toString()
}
