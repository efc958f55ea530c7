import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml'

/** The data of a YAML text, with line numbers. Lines count from 1. */
export type YamlText = {
  readonly ok: true
  readonly data: unknown
  /** Returns the line of the value under these names, or of its nearest parent that exists. */
  lineOf(names: readonly PropertyKey[]): number
  /** Returns the names in the mapping under a top-level name, each with its line; empty if it is not a mapping. */
  linesUnder(name: string): ReadonlyMap<string, number>
}

/**
 * Why a text has no data: it is not YAML, or its aliases expand without limit or are undefined. The line is that of
 * the mistake, or of the first alias.
 */
export type YamlTrouble = {
  readonly ok: false
  readonly trouble: 'syntax' | 'aliases'
  readonly line: number
  readonly message: string
}

const offsetOf = (document: Document, names: readonly PropertyKey[]): number => {
  const node = document.getIn(names, true)
  if (isNode(node) && node.range) return node.range[0]
  return names.length === 0 ? 0 : offsetOf(document, names.slice(0, -1))
}

const offsetsUnder = (document: Document, name: string): readonly (readonly [string, number])[] => {
  const mapping = document.get(name)
  if (!isMap(mapping)) return []
  return mapping.items.flatMap(({ key }) =>
    isScalar(key) && typeof key.value === 'string' ? [[key.value, key.range?.[0] ?? 0]] : [],
  )
}

const firstAlias = (document: Document): number => {
  let offset = 0
  visit(document, {
    Alias: (_, { range }) => {
      offset = range?.[0] ?? 0
      return visit.BREAK
    },
  })
  return offset
}

/** The parser takes seconds for a longer text. */
const MOST_CHARACTERS = 64 * 1024

const TOO_LONG: YamlTrouble = {
  ok: false,
  trouble: 'syntax',
  line: 1,
  message: 'The file is longer than 64 KiB',
}

/** Parses YAML text as plain data, whatever tags it contains. A text over 64 KiB is not parsed. */
export const readYaml = (text: string): YamlText | YamlTrouble => {
  if (text.length > MOST_CHARACTERS) return TOO_LONG
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const lineAt = (offset: number): number => lines.linePos(offset).line
  const [error] = document.errors
  if (error) {
    const line = lineAt(error.pos[0])
    return { ok: false, trouble: 'syntax', line, message: error.message }
  }
  try {
    return {
      ok: true,
      data: document.toJS(),
      lineOf: (names) => lineAt(offsetOf(document, names)),
      linesUnder: (name) =>
        new Map(offsetsUnder(document, name).map(([key, offset]) => [key, lineAt(offset)])),
    }
  } catch (cause) {
    const line = lineAt(firstAlias(document))
    return { ok: false, trouble: 'aliases', line, message: String(cause) }
  }
}
