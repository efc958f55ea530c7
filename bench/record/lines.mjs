import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { formatLine, formatTimestamp, newOpId } from '@kitty/record'

const START = Date.parse('2026-06-08T08:08:36.010Z')
const PROFILES = ['architect-alphonso', 'python-pedro', 'researcher-robbie', 'debugger-debbie']
const ACTIONS = ['specify', 'generate', 'analyze', 'investigate', 'implement']
const SENTENCE = 'Look at the linked issues, then say what to do next and why. '
// Lengths as in real records: a tenth is below 70 characters, half below 234, a tenth above 447.
const SENTENCES = [1, 1, 2, 2, 3, 4, 4, 5, 6, 8]
const corpus = new URL('../../../shared/corpus/records/', import.meta.url)

const pick = (list, n) => list[n % list.length]

const writtenRecord = (n) => {
  const at = START + n * 60_000
  const invocation_id = newOpId(at)
  const started = formatLine({
    event: 'started',
    invocation_id,
    profile_id: pick(PROFILES, n),
    action: pick(ACTIONS, n),
    request_text: `${SENTENCE.repeat(pick(SENTENCES, n))}#${n}`,
    actor: 'claude',
    mode_of_work: 'task_execution',
    governance_context_hash: '257c5688abaca9ae',
    governance_context_available: true,
    started_at: formatTimestamp(at),
    ...(n % 4 === 0 && { model_id: 'large-1' }),
  })
  const completed = formatLine({
    event: 'completed',
    invocation_id,
    completed_at: formatTimestamp(at + 30_000 + (n % 1000)),
    outcome: n % 20 === 0 ? 'abandoned' : 'done',
    closed_by: 'agent',
  })
  return { opId: invocation_id, text: started + completed }
}

/** Returns records as this software writes them, with two lines each. */
export const writtenRecords = (lines) =>
  Array.from({ length: lines / 2 }, (_, n) => writtenRecord(n))

/** Returns real records, repeated as often as needed, or none if they are not next to the repository. */
export const realRecords = (lines) => {
  if (!existsSync(corpus)) return []
  const real = readdirSync(corpus).map((name) => ({
    opId: name.slice(0, 26),
    text: readFileSync(new URL(name, corpus), 'utf8'),
  }))
  const records = []
  for (let count = 0; count < lines; count += linesOf(records.at(-1)).length) {
    records.push(real[records.length % real.length])
  }
  return records
}

export const linesOf = ({ text }) => text.split('\n').filter((line) => line !== '')
