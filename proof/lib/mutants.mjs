// Makes mutants of records: damaged as files get damaged, and at random.
import { formatLine, newOpId } from '@kitty/record'
import { numbersFrom } from './numbers.mjs'

const ID = newOpId(1_700_000_000_000)

const STARTED = {
  event: 'started',
  invocation_id: ID,
  profile_id: 'debugger-debbie',
  action: 'investigate',
  request_text: 'Why does it fail? “Ünïcödé” 🐱 \u0000 \\ "',
  actor: 'claude',
  mode_of_work: 'task_execution',
  governance_context_hash: '0123456789abcdef',
  governance_context_available: true,
  started_at: '2026-01-02T03:04:05.678Z',
}

const SEEDS = [
  STARTED,
  {
    event: 'artifact_link',
    invocation_id: ID,
    at: STARTED.started_at,
    kind: 'file',
    ref: 'a/b.txt',
  },
  { event: 'commit_link', invocation_id: ID, at: STARTED.started_at, sha: 'a'.repeat(40) },
  {
    event: 'unknown',
    name: 'glossary_checked',
    line: `{"event":"glossary_checked","invocation_id":"${ID}","nested":{"deep":[[[{"a":null}]]]}}`,
  },
  {
    event: 'completed',
    invocation_id: ID,
    completed_at: '2026-01-02T04:04:05.678Z',
    outcome: 'done',
    closed_by: 'agent',
  },
].map(formatLine)

const BITS = [
  '<<<<<<< HEAD\n',
  '=======\n',
  '>>>>>>> x\n',
  '\0\0\0\0',
  '\ufeff',
  '\r\n',
  '\n',
  '',
  '{}\n',
  'null\n',
  '[]\n',
  '{"event":null}\n',
  '{"event":"started"}\n',
  '{"__proto__":{"event":"completed"}}\n',
  `{"event":"completed","constructor":{"prototype":{}}}\n`,
  `${'['.repeat(2_000)}\n`,
  `{"event":"x","a":${'{"a":'.repeat(500)}1${'}'.repeat(500)}}\n`,
  `{"n":1e999,"m":-0,"k":${'9'.repeat(400)}}\n`,
  '"\\ud800"\n',
  '\u2028\u2029',
]

const splice = (text, at, gone, added) => text.slice(0, at) + added + text.slice(at + gone)

const MUTATIONS = [
  (text, next) => text.slice(0, next(text.length + 1)),
  (text, next) => splice(text, next(text.length + 1), 0, BITS[next(BITS.length)]),
  (text, next) => splice(text, next(text.length + 1), next(40), ''),
  (text, next) => splice(text, next(text.length + 1), 1, String.fromCharCode(next(0x3000))),
  (text, next) => splice(text, next(text.length + 1), 0, SEEDS[next(SEEDS.length)]),
  (text, next) => text + text.slice(next(text.length + 1)),
  (text, next) => text.replaceAll('"', next(2) === 0 ? "'" : '"'),
  (text, next) =>
    text
      .split('\n')
      .toSorted(() => next(3) - 1)
      .join('\n'),
]

const flipped = (text, next) => {
  const bytes = new TextEncoder().encode(text)
  for (let left = 1 + next(4); left > 0 && bytes.length > 0; left -= 1) {
    bytes[next(bytes.length)] ^= 1 << next(8)
  }
  return bytes
}

const WHOLE = SEEDS.join('')

/** The mutant of a number: a text, or every third one as bytes with some bits flipped. */
export const mutantAt = (number, seed) => {
  const next = numbersFrom(Math.imul(seed, 2_654_435_761) ^ Math.imul(number + 1, 40_503_001))
  let text = number % 2 === 0 ? WHOLE : SEEDS[next(SEEDS.length)]
  for (let left = 1 + next(4); left > 0; left -= 1) {
    text = MUTATIONS[next(MUTATIONS.length)](text, next)
  }
  // Mutations can double the size each time, so limit it.
  text = text.slice(0, 20_000)
  return number % 3 === 0 ? flipped(text, next) : text
}
