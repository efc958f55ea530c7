import { OPS_DIR } from '@kitty/writer/internals'
import { UNMONITORED } from '../git/environment.js'
import { toTopPath } from '../git/paths.js'
import { gitFields, gitText } from '../git/query.js'
import { readTip } from '../repository/head.js'
import { readWorkTree, type WorkTreeState } from '../repository/work-tree.js'

/** An entry of git's index for a file in `kitty-ops/`. */
export type IndexEntry = {
  /** Relative to the project root, with `/`. */
  readonly path: string
  readonly blob: string
  /** Whether a merge left it in conflict; the path then has more than one entry. */
  readonly conflict: boolean
  /** Whether a sparse checkout keeps it out of the work tree. */
  readonly skipWorktree: boolean
}

// `<tag> <mode> <id> <stage>\t<path>`; the tag is lowercase if the entry is assumed unchanged.
const ENTRY = /^(\w) \d+ ([0-9a-f]+) (\d)\t(.*)$/s

const parse = (entry: string, skip: number): IndexEntry | undefined => {
  const [, tag = '', blob, stage, path] = ENTRY.exec(entry) ?? []
  if (blob === undefined || path === undefined) return undefined
  const skipWorktree = tag.toUpperCase() === 'S'
  return { path: path.slice(skip), blob, conflict: stage !== '0', skipWorktree }
}

const listIndex = async (
  root: string,
  specsIn: (prefix: string) => readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<readonly IndexEntry[] | undefined> => {
  const workTree = await readWorkTree(root)
  if (workTree === undefined) return undefined
  const { top, prefix } = workTree
  const skip = toTopPath(prefix, '').length
  const files: IndexEntry[] = []
  const args = ['ls-files', '-v', '--stage', '-z', '--full-name', '--', ...specsIn(prefix)]
  await gitFields(top, args, { what: 'list the index', config: UNMONITORED, env }, (line) => {
    const entry = parse(line.toString(), skip)
    if (entry !== undefined) files.push(entry)
  })
  return files
}

/** With more, the command line could get too long. */
const MAX_PATHS = 100

/**
 * Returns the entries of git's index in `kitty-ops/`, or only those with these paths; `undefined` outside git.
 *
 * @throws KittyError `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const indexEntries = async (
  root: string,
  paths?: readonly string[],
): Promise<readonly IndexEntry[] | undefined> => {
  const few = paths !== undefined && paths.length <= MAX_PATHS ? paths : [OPS_DIR]
  const files = await listIndex(root, (prefix) => few.map((path) => toTopPath(prefix, path)))
  const wanted = paths && new Set(paths)
  return wanted ? files?.filter(({ path }) => wanted.has(path)) : files
}

/** The name of a record as a glob of git. */
const RECORD = `[0-7]${'[0-9A-HJKMNP-TV-Z]'.repeat(25)}.jsonl`

/**
 * Returns the entries of git's index in `kitty-ops/` without those that have the name of a record, of which there can be
 * 100,000; `undefined` outside git. Throws like `indexEntries`.
 */
export const otherIndexEntries = (root: string): Promise<readonly IndexEntry[] | undefined> =>
  listIndex(
    root,
    (prefix) => {
      const folder = toTopPath(prefix, OPS_DIR)
      const escaped = folder.replace(/[\\*?[\]]/g, '\\$&')
      return [`:(literal)${folder}`, `:(exclude,glob)${escaped}/**/${RECORD}`]
    },
    { GIT_LITERAL_PATHSPECS: '0' },
  )

/** A file in `kitty-ops/` that differs between git's index and HEAD. */
export type StagedFile = {
  /** Relative to the project root, with `/`. */
  readonly path: string
  /** Its blob in HEAD; `undefined` if HEAD does not hold it. */
  readonly before: string | undefined
  /** Its blob in the index; `undefined` if its deletion is staged. */
  readonly after: string | undefined
}

const ARGS = [
  'diff-index',
  '--cached',
  '--raw',
  '-z',
  '--no-renames',
  '--no-relative',
  '--no-abbrev',
]

// `:<mode> <mode> <id> <id> <letter>`, then the path in a field of its own. `U` means that a merge left it in
// conflict.
const CHANGE = /^:\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) ([A-TV-Z])/

const blobOf = (id: string | undefined): string | undefined =>
  id === undefined || /^0+$/.test(id) ? undefined : id

function* changesIn(output: string, skip: number): Generator<StagedFile> {
  const fields = output.split('\0')
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [change, before, after] = CHANGE.exec(fields[at] ?? '') ?? []
    const path = (fields[at + 1] ?? '').slice(skip)
    if (change !== undefined) yield { path, before: blobOf(before), after: blobOf(after) }
  }
}

const stagedSince = async (
  { top, prefix }: WorkTreeState,
  commit: string,
): Promise<readonly StagedFile[]> => {
  const output = await gitText(top, [...ARGS, commit, '--', toTopPath(prefix, OPS_DIR)], {
    what: 'compare the index with HEAD',
    config: UNMONITORED,
  })
  return [...changesIn(output, prefix === '' ? 0 : prefix.length + 1)]
}

/**
 * Returns what is staged in `kitty-ops/`, without files that a merge left in conflict; `undefined` outside git.
 *
 * @throws KittyError `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const stagedFiles = async (root: string): Promise<readonly StagedFile[] | undefined> => {
  const workTree = await readWorkTree(root)
  const tip = workTree && (await readTip(workTree, workTree.head))
  if (workTree !== undefined && tip !== undefined) return stagedSince(workTree, tip)
  const all = await indexEntries(root)
  return all?.map(({ path, blob }) => ({ path, before: undefined, after: blob }))
}
