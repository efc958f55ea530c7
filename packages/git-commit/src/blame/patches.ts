import { createHash } from 'node:crypto'
import { gitBytes } from '../git/query.js'

/**
 * The patches of a change, by file: for each a hash of the path and of the lines around and in the change, without white
 * space and line numbers, as in `git patch-id`. Two commits with the same hash changed a file in the same way.
 */
export type FilePatches = ReadonlySet<string>

// Plumbing, so that the user's settings for `git diff` have no effect.
const PATCH = ['-p', '-r', '--no-renames', '--full-index', '--no-color', '--no-ext-diff']
const OPTIONS = [...PATCH, '--no-textconv', '--no-relative', '--src-prefix=a/', '--dst-prefix=b/']

const WHAT = { what: 'compare commits', timeoutMs: 600_000 }

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/

/** Lines of a file's part of a diff that say nothing about what changed. */
const IGNORED = /^(?:index |@@ |similarity |diff --git )/

/** Splits the text of a diff into the parts of its files. A line of a file begins with a sign, so it is no heading. */
const filesIn = (lines: readonly string[]): readonly (readonly string[])[] => {
  const files: string[][] = []
  for (const line of lines) {
    if (line.startsWith('diff --git ')) files.push([])
    files.at(-1)?.push(line)
  }
  return files
}

const hashOf = (file: readonly string[]): string => {
  const hash = createHash('sha1')
  // A binary file has no lines to compare: its name and its blob.
  const isBinary = file.some((line) => line.startsWith('Binary files '))
  for (const line of file) {
    const isTaken = isBinary ? !line.startsWith('index ') : !IGNORED.test(line)
    if (isTaken) hash.update(line.replaceAll(/\s+/g, ''))
    else if (isBinary) hash.update(line.replace(/^index \w+\.\.(\w+).*/, '$1'))
  }
  return hash.digest('hex')
}

const patchesIn = (lines: readonly string[]): FilePatches => new Set(filesIn(lines).map(hashOf))

/** Limits a diff to paths; all paths if there are none. */
const only = (paths: readonly string[]): readonly string[] => ['--', ...paths]

/**
 * Returns the patches of commits against their parent, limited to paths. Merges have none, and commits that are not in
 * this clone must not be among them.
 */
export const patchesOf = async (
  top: string,
  commits: readonly string[],
  paths: readonly string[],
): Promise<ReadonlyMap<string, FilePatches>> => {
  if (commits.length === 0) return new Map()
  const input = commits.map((sha) => `${sha}\n`).join('')
  const args = ['diff-tree', '--stdin', '--root', ...OPTIONS, ...only(paths)]
  const output = (await gitBytes(top, args, { ...WHAT, input })).toString('latin1')
  const byCommit = new Map<string, string[]>()
  let lines: string[] = []
  for (const line of output.split('\n')) {
    if (!COMMIT.test(line)) lines.push(line)
    else {
      lines = []
      byCommit.set(line, lines)
    }
  }
  return new Map([...byCommit].map(([sha, diff]) => [sha, patchesIn(diff)]))
}

/** Returns the patches between two commits, limited to paths. */
export const patchesBetween = async (
  top: string,
  [from, to]: readonly [string, string],
  paths: readonly string[],
): Promise<FilePatches> => {
  const args = ['diff-tree', ...OPTIONS, from, to, ...only(paths)]
  return patchesIn((await gitBytes(top, args, WHAT)).toString('latin1').split('\n'))
}
