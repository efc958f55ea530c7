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

/**
 * Reads the text of a configuration file; `path` is for messages only.
 *
 * @throws KittyError `CONFIG_INVALID`, with the line of the first thing that is wrong.
 */
export const parseConfig = (text: string, path: string): Settings => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const invalid = (offset: number, what: string): KittyError =>
    new KittyError('CONFIG_INVALID', `${path}:${lines.linePos(offset).line}: ${what}`, {
      hint: `Correct that line. Under "ops" there may be: ${SETTING_NAMES.join(', ')}.`,
    })
  const [error] = document.errors
  if (error !== undefined) throw invalid(error.pos[0], error.message)
  const read = dataOf(document)
  if ('why' in read) throw invalid(0, read.why)
  const checked = checkConfig(read.data)
  if (!('path' in checked)) return checked
  const name = checked.path.join('.') || 'the file'
  throw invalid(offsetOf(document, checked), `${name} ${checked.message}`)
}

/** The names in the mapping under a name of the top level. The text has passed `parseConfig`. */
export const namesUnder = (text: string, name: string): readonly string[] => {
  const mapping = parseDocument(text).get(name)
  return isMap(mapping) ? mapping.items.map(({ key }) => String(key)) : []
}
