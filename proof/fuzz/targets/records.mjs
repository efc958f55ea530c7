// Records, and the logs beside them.
import {
  formatIndexRow,
  formatLifecycleLine,
  formatLine,
  formatOpCommitMessage,
  formatOpRecord,
  isIndexStartRow,
  newOpId,
  pairLifecycle,
  parseIndexRow,
  parseLifecycleLog,
  parseLine,
  parseOpClosures,
  parseOpCommitMessage,
  parseOpRecord,
  withClosure,
} from '@kitty/record'
import { nextIndexBytes } from '@kitty/writer/internals'
import { mutantAt } from '../../lib/mutants.mjs'

const STATUS = new Set(['open', 'closed', 'unreadable'])

/** Parses a text or the bytes of a record. Nothing of it may be lost. */
const checkRecord = (input) => {
  const record = parseOpRecord(input)
  if (!STATUS.has(record.status)) return `status ${record.status}`
  const text =
    typeof input === 'string' ? input : new TextDecoder('utf-8', { ignoreBOM: true }).decode(input)
  if (formatOpRecord(record) !== text) return 'a character was lost'
  const [line = ''] = record.lines
  const parsed = parseLine(line)
  if (parsed.ok && !Object.isFrozen(parsed.event)) return 'an event is not frozen'
  return undefined
}

const IDS = [1, 2, 3, 4].map((day) => newOpId(1_700_000_000_000 + day * 86_400_000))

const at = (second) => `2026-01-02T03:04:${String(second).padStart(2, '0')}.678Z`

const completed = (id) => ({
  event: 'completed',
  invocation_id: id,
  completed_at: at(9),
  outcome: 'done',
  closed_by: 'agent',
})

const started = (id) => ({
  event: 'started',
  invocation_id: id,
  profile_id: 'debugger “debbie” 🐱',
  action: 'investigate',
  request_text: 'Why does it fail?\nUnsure.',
  actor: 'claude',
  started_at: at(1),
  mission_id: newOpId(1_700_000_000_000),
  wp_id: 'WP01',
})

const closed = (id) => formatLine(started(id)) + formatLine(completed(id))

/** Puts a damaged line between sound ones. It is one line: damage by line feeds has targets of its own. */
const among = (bytes, lines) => {
  const one = Buffer.from(bytes.toString('latin1').replaceAll('\n', ' '), 'latin1')
  const [first, ...rest] = lines.map((line) => Buffer.from(line))
  return Buffer.concat([first, one, Buffer.from('\n'), ...rest])
}

const [SECOND, ...OTHERS] = IDS

const stepOf = (agent, phase) =>
  formatLifecycleLine({
    agent,
    at: at(2),
    canonical_action_id: 'implement',
    mission_id: 'm',
    phase,
    reason: null,
    wp_id: null,
    metadata: { a: [1, { b: null }] },
  })

const rowOf = (id) => ({
  invocation_id: id,
  profile_id: 'generic',
  action: 'do',
  started_at: at(1),
  completed_at: at(3),
  outcome: 'failed',
  wp_id: 'WP01',
})

const ROWS = IDS.map((id) => formatIndexRow(rowOf(id)))

const linesIn = (bytes) =>
  bytes
    .toString('latin1')
    .split('\n')
    .filter((line) => line.trim() !== '')

const lostLine = (before, after) => {
  const kept = new Set(linesIn(after))
  return linesIn(before).find((line) => !kept.has(line))
}

export const records = () => ({
  samples: [],
  mutants: (number, seed) => mutantAt(number, seed),
  check: checkRecord,
  grows: false,
})

export const closures = () => ({
  samples: [
    formatLine(completed(SECOND)),
    OTHERS.map((id) => formatLine(completed(id))).join(''),
  ].map((text) => Buffer.from(text)),
  check: (bytes) => {
    const record = parseOpRecord(formatLine(started(SECOND)))
    for (const closure of parseOpClosures(bytes).closures) withClosure(record, closure)
    const found = parseOpClosures(
      among(
        bytes,
        OTHERS.map((id) => formatLine(completed(id))),
      ),
    ).closures
    const ids = new Set(found.map(({ invocation_id }) => invocation_id))
    return OTHERS.every((id) => ids.has(id)) ? undefined : 'a damaged line hides another closure'
  },
})

export const index = () => ({
  samples: [ROWS.join(''), ROWS[0]].map((text) => Buffer.from(text)),
  check: (bytes) => {
    for (const line of bytes.toString().split('\n').slice(0, 100)) {
      const row = parseIndexRow(line)
      isIndexStartRow(line)
      if (row && formatIndexRow(row) !== formatIndexRow(parseIndexRow(formatIndexRow(row))))
        return 'a row changes when it is written again'
    }
    if (linesIn(bytes).length > 250) return undefined
    const next = nextIndexBytes(bytes, [parseOpRecord(closed(SECOND))])
    const lost = next && lostLine(bytes, next)
    return lost === undefined ? undefined : `the row ${JSON.stringify(lost)} is lost`
  },
})

const STEPS = ['started', 'completed'].map((phase) => stepOf('sound', phase))

export const lifecycle = () => ({
  samples: [
    Buffer.from(stepOf('claude', 'started') + stepOf('claude', 'failed')),
    Buffer.from(STEPS.join('')),
  ],
  check: (bytes) => {
    pairLifecycle(parseLifecycleLog(bytes.toString()).events)
    const { events } = parseLifecycleLog(among(bytes, STEPS).toString())
    const sound = events.filter(({ agent }) => agent === 'sound')
    return sound.length >= STEPS.length ? undefined : 'a damaged line hides another step'
  },
})

export const commitMessages = () => ({
  samples: IDS.slice(0, 2).map((id) =>
    Buffer.from(formatOpCommitMessage(parseOpRecord(closed(id)))),
  ),
  isValid: (bytes) =>
    parseOpCommitMessage(bytes.toString()) ? undefined : 'a message is not read',
  check: (bytes) => {
    const text = bytes.toString()
    parseOpCommitMessage(text)
    // The same text in a record adds no line and no trailer to a message.
    const [profile_id, action, wp_id] = [text.slice(0, 190), text.slice(-150), text.slice(5, 60)]
    const record = parseOpRecord(
      formatOf({ ...started(SECOND), profile_id, action, wp_id }) + formatLine(completed(SECOND)),
    )
    if (record.status !== 'closed') return undefined
    const message = formatOpCommitMessage(record)
    if (!/^op\(.*\n\n(?:Op-[A-Za-z-]+: .*\n){2,4}$/.test(message))
      return `the message is ${message}`
    const parts = parseOpCommitMessage(message)
    return parts?.op_id === SECOND && parts.outcome === 'done'
      ? undefined
      : `it is read from ${message}`
  },
})

/** A line with whatever text: `formatLine` refuses what a record must not hold. */
const formatOf = (event) => `${JSON.stringify(event)}\n`
