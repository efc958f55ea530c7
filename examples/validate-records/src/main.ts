// A program that only checks records. It needs only @kitty/record, and also runs in a browser or in an edge worker.
import { hasErrors, outcomeOf, parseOpRecord } from '@kitty/record'

const id = '01M83GM56FAC92BBTKGFEKQ4HM'
const started = `{"event":"started","invocation_id":"${id}","profile_id":"debugger-debbie","action":"investigate","request_text":"Why?","actor":"claude","mode_of_work":"task_execution","governance_context_hash":"","governance_context_available":false,"started_at":"2026-11-23T06:00:00.000Z"}\n`
const completed = `{"event":"completed","invocation_id":"${id}","completed_at":"2026-11-23T06:05:00.000Z","outcome":"done","closed_by":"agent"}\n`

const files: Readonly<Record<string, string>> = {
  'an open record': started,
  'a closed record': started + completed,
  'a record whose last line was cut off': started + completed.slice(0, 40),
  'a record with a merge conflict': `${started}<<<<<<< HEAD\n${completed}`,
  'a file that is not a record': 'hello\n',
}

for (const [what, text] of Object.entries(files)) {
  const record = parseOpRecord(text, { opId: id })
  // The status narrows the record: only a closed one has an outcome.
  const outcome = record.status === 'closed' ? outcomeOf(record) : 'no outcome yet'
  console.log(`${what}: ${record.status}, ${outcome}, ${hasErrors(record) ? 'damaged' : 'valid'}`)
  for (const { line, code, message } of record.problems) {
    console.log(`  line ${line}: ${code}: ${message}`)
  }
}
