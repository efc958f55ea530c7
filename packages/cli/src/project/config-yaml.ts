import { KittyError } from '@kitty/record'
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import { type ConfigIssue, checkConfig, SETTING_NAMES } from './config-schema.js'
import type { Settings } from './settings.js'

const offsetOfValue = (document: Document, path: readonly PropertyKey[]): number => {
  const node = document.getIn(path, true)
  if (isNode(node) && node.range) return node.range[0]
  return path.length === 0 ? 0 : offsetOfValue(document, path.slice(0, -1))
}

const offsetOfName = (document: Document, path: readonly PropertyKey[]): number => {
  const parent = document.getIn(path.slice(0, -1), true)
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
    : undefined
  return isScalar(pair?.key) ? (pair.key.range?.[0] ?? 0) : 0
}

const offsetOf = (document: Document, { path, unknownName }: ConfigIssue): number =>
  unknownName ? offsetOfName(document, path) : offsetOfValue(document, path)

/** The data, or in words why there is none: aliases without an anchor, or multiplying beyond reason. */
const dataOf = (document: Document): { readonly data: unknown } | { readonly why: string } => {
  try {
    return { data: document.toJS() }
  } catch (error) {
    return { why: String(error) }
  }
}

const namesFor = (section: string): string => {
  const known = section === 'protection' ? section : 'ops'
  return `Under "${known}" there may be: ${SETTING_NAMES[known].join(', ')}.`
}

/**
 * Reads the text of a configuration file; `path` is for messages only.
 *
 * @throws KittyError `CONFIG_INVALID`, with the line of the first thing that is wrong.
 */
export const parseConfig = (text: string, path: string): Settings => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const invalid = (offset: number, what: string, section = 'ops'): KittyError =>
    new KittyError('CONFIG_INVALID', `${path}:${lines.linePos(offset).line}: ${what}`, {
      hint: `Correct that line. ${namesFor(section)}`,
    })
  const [error] = document.errors
  if (error !== undefined) throw invalid(error.pos[0], error.message)
  const read = dataOf(document)
  if ('why' in read) throw invalid(0, read.why)
  const checked = checkConfig(read.data)
  if (!('path' in checked)) return checked
  const name = checked.path.join('.') || 'the file'
  throw invalid(offsetOf(document, checked), `${name} ${checked.message}`, String(checked.path[0]))
}

/** In which line each setting stands, by names such as `ops.commit`. The text has passed `parseConfig`. */
export const linesOfSettings = (text: string): ReadonlyMap<string, number> => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const found = Object.keys(SETTING_NAMES).flatMap((section) => {
    const mapping = document.get(section)
    if (!isMap(mapping)) return []
    return mapping.items.map(({ key }) => {
      const offset = isScalar(key) ? (key.range?.[0] ?? 0) : 0
      return [`${section}.${String(key)}`, lines.linePos(offset).line] as const
    })
  })
  return new Map(found)
}
