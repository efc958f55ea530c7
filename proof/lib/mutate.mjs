// Sound records, and the ways in which a crash, an editor, a merge or malice changes them.
import { formatLine } from '@kitty/record'

const ID = '01KT0000000000000000000000'
const OTHER = '01KT0000000000000000000001'
const AT = '2026-06-09T10:08:36.009Z'

const started = formatLine({
  ...{ event: 'started', invocation_id: ID, profile_id: 'p', action: 'a', actor: 'x' },
  ...{ request_text: 'Why “so”? 😺 \\ "', mode_of_work: 'task_execution', started_at: AT },
  ...{ governance_context_hash: '', governance_context_available: false },
})
const completed = formatLine({
  ...{ event: 'completed', invocation_id: ID, completed_at: AT },
  ...{ outcome: 'done', closed_by: 'agent' },
})
const link = formatLine({ event: 'commit_link', invocation_id: OTHER, at: AT, sha: 'abc1234' })
const unknown = '{"event":"glossary_checked","deep":{"a":[1,2,{"b":null}]},"__proto__":{"x":1}}\n'

const SOUND = [started, started + completed, started + link + unknown + completed, unknown]

const WORDS = [
  ...['\0', '\n', '\r\n', '\ufeff', '"', '\\', '{', '}', '[', ']', ',', ':', 'null', '1e999'],
  ...['<<<<<<< HEAD\n', '=======\n', '>>>>>>> x\n', '\u2028', '\\ud800', '__proto__', ID, '-0'],
  ...['"event":"completed",', '[['.repeat(500), '9'.repeat(400), ' '.repeat(300), started],
].map((word) => Buffer.from(word))

const splice = (bytes, at, removed, inserted) =>
  Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)])

const NOTHING = Buffer.alloc(0)

const WAYS = [
  (bytes, { below }) => bytes.subarray(0, below(bytes.length + 1)),
  (bytes, { below }) => splice(bytes, below(bytes.length), 1 + below(20), NOTHING),
  (bytes, { below }) => splice(bytes, below(bytes.length), 1, Buffer.of(below(256))),
  (bytes, { below, pick }) => splice(bytes, below(bytes.length), below(3), pick(WORDS)),
  (bytes, { below }) => {
    const from = below(bytes.length)
    return splice(bytes, below(bytes.length), 0, bytes.subarray(from, from + below(200)))
  },
]

/** A sound record's bytes, changed in up to five places. */
export const mutated = (random) => {
  let bytes = Buffer.from(random.pick(SOUND))
  for (let left = random.below(6); left > 0; left -= 1) bytes = random.pick(WAYS)(bytes, random)
  return bytes
}
