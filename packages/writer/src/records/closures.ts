import { type Closure, type OpId, type OpRecord, parseOpClosures, withClosure } from '@kitty/record'
import { fileVersion, readRegularSync } from '../fs/regular-file.js'
import { CLOSURES_PATH, toAbsolute } from '../project/paths.js'

type Closures = ReadonlyMap<OpId, Closure>

const NONE: Closures = new Map()

/** What was read of each root last: every open record of a list asks. */
const lastRead = new Map<string, { readonly version: string; readonly closures: Closures }>()

const read = (path: string): Closures => {
  try {
    const { closures } = parseOpClosures(readRegularSync(path) ?? '')
    return new Map(closures.map((closure) => [closure.invocation_id, closure]))
  } catch {
    // A link, or a file that cannot be read, closes nothing.
    return NONE
  }
}

const versionOf = (root: string): string | undefined => {
  try {
    return fileVersion(toAbsolute(root, CLOSURES_PATH))
  } catch {
    // The folder cannot be searched: no record can be read either.
    return undefined
  }
}

const closuresOf = (root: string): Closures => {
  const version = versionOf(root)
  if (version === undefined) return NONE
  const known = lastRead.get(root)
  if (known?.version === version) return known.closures
  const closures = read(toAbsolute(root, CLOSURES_PATH))
  lastRead.set(root, { version, closures })
  return closures
}

/** Whether a project root has `op-closures.jsonl`, whatever is in it. */
export const hasClosures = (root: string): boolean => versionOf(root) !== undefined

/** Whether `op-closures.jsonl` names an Op. Never throws. */
export const isNamedInClosures = (root: string, id: OpId): boolean => closuresOf(root).has(id)

/**
 * Returns a record of a project root as that root has it: an open one that `op-closures.jsonl` names is closed. Everything
 * that reads a record, from disk or from git, must use it to decide whether the Op is open. Never throws.
 */
export const asClosedBeside = (root: string, record: OpRecord): OpRecord => {
  if (record.status !== 'open') return record
  const closure = closuresOf(root).get(record.invocation_id)
  return closure === undefined ? record : withClosure(record, closure)
}
