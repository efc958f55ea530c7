import { parseOpRecord } from '@kitty/record'

const LINKS: ReadonlySet<string> = new Set(['artifact_link', 'commit_link'])

/** Whether `now` is `first` with only links added; older versions added links after the completion. */
export const grewByLinks = (first: Buffer, now: Buffer): boolean => {
  if (!now.subarray(0, first.length).equals(first)) return false
  const { events, problems } = parseOpRecord(now.subarray(first.length))
  const isLink = events.every(({ event }) => LINKS.has(event))
  return events.length > 0 && isLink && problems.every(({ code }) => code === 'NO_STARTED')
}
