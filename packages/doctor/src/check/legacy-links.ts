import { isEvent, parseOpRecord } from '@kitty/record'

const LINKS = ['artifact_link', 'commit_link'] as const

/** Whether only links were added to a record, which older versions did after its completion. */
export const grewByLinks = (first: Buffer, now: Buffer): boolean => {
  if (!now.subarray(0, first.length).equals(first)) return false
  const { events, problems } = parseOpRecord(now.subarray(first.length))
  const isLink = events.every((event) => LINKS.some((name) => isEvent(event, name)))
  return events.length > 0 && isLink && problems.every(({ code }) => code === 'NO_STARTED')
}
