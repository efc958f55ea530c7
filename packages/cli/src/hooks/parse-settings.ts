import { KittyError } from '@kitty/record'
import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'
import { isObject, type JsonObject } from '../command/json-object.js'

const invalid = (path: string, what: string): KittyError =>
  new KittyError('SETTINGS_INVALID', `${path}: ${what}`, {
    hint: 'Nothing was written. Correct the file, then try again.',
  })

/** Some agents allow comments and trailing commas. */
export const PARSING = { allowTrailingComma: true, allowEmptyContent: true }

/** The first name that an object has twice. */
const repeatedName = ({ type, children = [] }: Node): string | undefined => {
  const seen = new Set<string>()
  for (const child of type === 'object' ? children : []) {
    const name = String(child.children?.[0]?.value)
    if (seen.has(name)) return name
    seen.add(name)
  }
  return undefined
}

/** The first name that an object in a tree has twice. */
const repeatedIn = (node: Node): string | undefined => {
  const own = repeatedName(node)
  if (own !== undefined) return own
  for (const child of node.children ?? []) {
    const below = repeatedIn(child)
    if (below !== undefined) return below
  }
  return undefined
}

const treeOf = (text: string, path: string): Node | undefined => {
  const errors: ParseError[] = []
  const tree = parseTree(text, errors, PARSING)
  const [error] = errors
  if (error) {
    const line = text.slice(0, error.offset).split('\n').length
    throw invalid(path, `it is not JSON: ${printParseErrorCode(error.error)} in line ${line}.`)
  }
  return tree
}

/** Reads a text as an object in which no name has a meaning, such as `__proto__`. */
const objectIn = (text: string, path: string): JsonObject => {
  const tree = treeOf(text, path)
  const value: unknown = tree && getNodeValue(tree)
  if (tree === undefined || !isObject(value)) throw invalid(path, 'it is not a JSON object.')
  const hooks = findNodeAtLocation(tree, ['hooks'])
  // An edit would change the first one, and the agent may read the last.
  const repeated = repeatedName(tree) ?? (hooks && repeatedIn(hooks))
  if (repeated !== undefined) throw invalid(path, `it has the name "${repeated}" twice.`)
  return value
}

const readObject = (text: string, path: string): JsonObject => {
  try {
    return text.trim() === '' ? {} : objectIn(text, path)
  } catch (error) {
    // The parser calls itself for each level.
    if (error instanceof RangeError) throw invalid(path, 'it has too many levels.')
    throw error
  }
}

/** Parses settings. Throws `SETTINGS_INVALID` for anything unexpected, so that it is not overwritten. */
export const parseSettings = (text: string, path: string): JsonObject => {
  const parsed = readObject(text, path)
  const { hooks = {} } = parsed
  if (!isObject(hooks)) throw invalid(path, '"hooks" is not a JSON object.')
  const odd = Object.entries(hooks).find(([, list]) => !Array.isArray(list))
  if (odd !== undefined) throw invalid(path, `"hooks.${odd[0]}" is not a list.`)
  return parsed
}
