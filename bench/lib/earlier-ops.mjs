// Makes earlier closed records, as in a repository that has been used for a while.
import { formatLine, formatOpCommitMessage, newOpId, parseOpRecord } from '@kitty/record'

const DAY = 24 * 60 * 60 * 1000

/** The first event of an Op. */
export const startedEvent = (id, at) => ({
  event: 'started',
  invocation_id: id,
  profile_id: 'bench',
  action: 'measure',
  request_text: 'How long did it take?',
  actor: 'x',
  mode_of_work: 'task_execution',
  governance_context_hash: '',
  governance_context_available: false,
  started_at: at.toISOString(),
})

const textOf = (id, at) => {
  const completed_at = new Date(at.getTime() + 60_000)
  return [
    startedEvent(id, at),
    {
      event: 'completed',
      invocation_id: id,
      completed_at: completed_at.toISOString(),
      outcome: 'done',
      closed_by: 'agent',
    },
  ]
    .map(formatLine)
    .join('')
}

/**
 * Returns `count` records, each with the message of its commit. The newest `hot` of them are in `kitty-ops/`, the others
 * are archived. They are spread over `days`.
 */
export const earlierOps = (count, hot, days = 300) =>
  Array.from({ length: count }, (_, number) => {
    const at = new Date(Date.UTC(2026, 0, 1) + Math.floor((number * days * DAY) / count))
    const id = newOpId(at.getTime())
    const folder = number < count - hot ? `archive/${at.toISOString().slice(0, 7)}/` : ''
    const text = textOf(id, at)
    const message = formatOpCommitMessage(parseOpRecord(text, { opId: id }))
    return { path: `kitty-ops/${folder}${id}.jsonl`, text, message }
  })
