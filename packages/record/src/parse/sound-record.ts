import { OP_ID } from '../base/op-id.js'
import type { OpId } from '../base/op-id-type.js'
import { WRITTEN_TIME } from '../base/timestamp.js'
import { CLOSED_BY, OUTCOMES } from '../events/vocabulary.js'

// Each piece matches less than the shape of its field allows, and each line has known fields in the order in which
// `formatLine` writes them: no field can come twice. The parser reads whatever else there is.

const CHARACTER = '[^"\\\\\\x00-\\x1f]|\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4})'
const TEXT = `"(?:${CHARACTER})*"`
const FILLED = `"(?:${CHARACTER})+"`
const FLAG = '(?:true|false)'
const ID = `"${OP_ID}"`

const word = (words: readonly string[]): string => `"(?:${words.join('|')})"`

/** The fields of a line, with what matches their values. A name that ends in `?` is of a field that can be missing. */
const lineOf = (event: string, fields: readonly (readonly [name: string, value: string])[]) => {
  const rest = fields.map(([name, value]) =>
    name.endsWith('?') ? `(?:,"${name.slice(0, -1)}":${value})?` : `,"${name}":${value}`,
  )
  return `\\{"event":"${event}","invocation_id":"\\k<id>"${rest.join('')}\\}\\n`
}

const STARTED = lineOf('started', [
  ['profile_id', FILLED],
  ['action', FILLED],
  ['request_text?', TEXT],
  ['actor?', TEXT],
  ['mode_of_work?', TEXT],
  ['governance_context_hash?', TEXT],
  ['governance_context_available?', FLAG],
  ['router_confidence?', TEXT],
  ['started_at', `"(${WRITTEN_TIME})"`],
  ['mission_id?', ID],
  ['wp_id?', TEXT],
  ['model_id?', TEXT],
]).replace('\\k<id>', `(?<id>${OP_ID})`)

const BETWEEN = [
  lineOf('artifact_link', [
    ['at', `"${WRITTEN_TIME}"`],
    ['kind', FILLED],
    ['ref', FILLED],
  ]),
  lineOf('commit_link', [
    ['at', `"${WRITTEN_TIME}"`],
    ['sha', '"[0-9a-fA-F]{7,64}"'],
  ]),
  lineOf('note', [
    ['at', `"${WRITTEN_TIME}"`],
    ['text', TEXT],
  ]),
]

const COMPLETED = lineOf('completed', [
  ['completed_at', `"(${WRITTEN_TIME})"`],
  ['outcome', word(OUTCOMES)],
  ['closed_by', word(CLOSED_BY)],
  ['evidence_ref?', TEXT],
])

// Compiled with the first record: most programs never need it.
let sound: RegExp | undefined

/** In a longer text, matching could need more memory than parsing. */
const MAX_BYTES = 16 * 1024

let decoder: TextDecoder | undefined

const decode = (bytes: Uint8Array): string => {
  decoder ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  try {
    return decoder.decode(bytes)
  } catch {
    return ''
  }
}

/**
 * Whether this is certainly the record of a closed Op without any problem, as this software writes it. Takes a fraction of the
 * time of {@link parseOpRecord}, which a record that it does not recognize still needs. Never throws.
 */
export function isSoundRecord(bytes: Uint8Array, opId: OpId): boolean {
  if (bytes.length > MAX_BYTES) return false
  sound ??= new RegExp(`^${STARTED}(?:${BETWEEN.join('|')})*${COMPLETED}$`)
  const [, id, started = '', completed = ''] = sound.exec(decode(bytes)) ?? []
  // Written in the same form, times sort as text.
  return id === opId && started <= completed
}
