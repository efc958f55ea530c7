import { isEvent, parseOpRecord } from '@kitty/record'

const LINKS = ['artifact_link', 'commit_link'] as const

/** Whether `now` is `first` with only links added; older versions added links after the completion. */
export const grewByLinks = (first: Buffer, now: Buffer): boolean => {
  if (!now.subarray(0, first.length).equals(first)) return false
  const { events, problems } = parseOpRecord(now.subarray(first.length))
  const isLink = events.every((event) => LINKS.some((name) => isEvent(event, name)))
  return events.length > 0 && isLink && problems.every(({ code }) => code === 'NO_STARTED')
}
