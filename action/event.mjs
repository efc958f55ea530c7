// What the workflow runs for, from the file that GitHub documents. Everything in it can come from anybody.
import { readFileSync } from 'node:fs'

const read = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) ?? {}
  } catch {
    return {}
  }
}

const ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/
const NOTHING = /^0+$/

const commitOf = (sha) =>
  typeof sha === 'string' && ID.test(sha) && !NOTHING.test(sha) ? sha : undefined

/** The number of the pull request, its base, and whether it comes from a fork; what was there before a push. */
export const readEvent = ({ GITHUB_EVENT_PATH }) => {
  const event = GITHUB_EVENT_PATH ? read(GITHUB_EVENT_PATH) : {}
  const pull = event.pull_request
  if (!pull) return { base: commitOf(event.before), isFork: false }
  const number = Number.isSafeInteger(pull.number) && pull.number > 0 ? pull.number : undefined
  const [head, base] = [pull.head?.repo?.full_name, pull.base?.repo?.full_name]
  // The repository of a fork that was deleted is null.
  return { number, base: commitOf(pull.base?.sha), isFork: head !== base }
}
