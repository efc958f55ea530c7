import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CommitResult } from '@kitty/writer'
import { ATTRIBUTES_PATH, ATTRIBUTES_TEXT, OPS_DIR } from '@kitty/writer/internals'
import { failureFromGit } from '../git/failures.js'
import { toTopPath } from '../git/paths.js'
import { runGit } from '../git/run-git.js'
import { blobId } from '../objects/object.js'
import type { FileChange } from '../objects/tree-editor.js'
import { filtersOff, type RepoConfig } from '../repository/config.js'

/** A change of an index file, which can be a copy that is not yet visible. */
export type IndexChange = {
  readonly top: string
  readonly commonDir: string
  /** The project root relative to the top. */
  readonly prefix: string
  readonly changes: readonly FileChange[]
  readonly repoConfig: RepoConfig
  readonly config: readonly string[]
  /** How long git can take, in milliseconds; the user's fsmonitor hook is part of that. */
  readonly gitTimeoutMs: number | undefined
}

/** The most characters that fit on the command line of every system: Windows allows 32,767 in all. */
const MAX_ARGUMENT_LENGTH = 24_000

/** Settings for every change of an index file that will replace another. */
export const INDEX_SETTINGS = [
  // Otherwise git can refuse our `.gitattributes` because line endings might change.
  'core.safecrlf=false',
  // The old index must stay intact until the new one replaces it.
  'splitIndex.sharedIndexExpire=never',
  // Otherwise git marks the entry so that it never checks the file again.
  'core.ignoreStat=false',
]

/** One call of `update-index`. */
type Call = { readonly args: readonly string[]; readonly input: string }

export type FileToWrite = Extract<FileChange, { kind: 'write' }>

/** Whether a path is in `kitty-ops/`: the index then records the state of the file. */
export const isOwnPath = (path: string, prefix: string): boolean =>
  path.startsWith(`${toTopPath(prefix, OPS_DIR)}/`)

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/**
 * Whether git stores the files in `kitty-ops/` unchanged: only if the user's attributes do not override those of
 * the folder.
 */
export const areTakenAsTheyAre = ({ top, commonDir, prefix }: IndexChange): boolean =>
  !existsSync(join(commonDir, 'info', 'attributes')) &&
  readText(join(top, toTopPath(prefix, ATTRIBUTES_PATH))) === ATTRIBUTES_TEXT

const byPath = (paths: readonly string[], ...args: readonly string[]): Call => ({
  args: [...args, '-z', '--stdin'],
  input: paths.map((path) => `${path}\0`).join(''),
})

/**
 * Adds entries by id, so that the index holds what the commit holds, whatever attributes say, and flags of an older
 * entry (assume-unchanged, skip-worktree) do not prevent that. Then adds paths in `kitty-ops/` by path as well if
 * that results in the same bytes: git then records the times of the files and need not read them again. No file is
 * executable in the commit.
 */
const write = (changes: readonly FileToWrite[], change: IndexChange): Call[] => {
  const ids = changes.map(({ bytes }) => blobId(bytes, change.repoConfig.objectFormat))
  const ownPaths = changes
    .filter(({ path }) => isOwnPath(path, change.prefix))
    .map(({ path }) => path)
  const paths = byPath(areTakenAsTheyAre(change) ? ownPaths : [], '--chmod=-x')
  const entries = changes.flatMap(({ path }, at) => ['--cacheinfo', `100644,${ids[at]},${path}`])
  if (entries.join(' ').length > MAX_ARGUMENT_LENGTH) {
    const lines = changes.map(({ path }, at) => `100644 ${ids[at]}\t${path}\0`)
    return [{ args: ['-z', '--index-info'], input: lines.join('') }, paths]
  }
  return [{ ...paths, args: [...entries, ...paths.args] }]
}

/**
 * Returns a separate call for removals, after the new places of moved files: a record that has just vanished must
 * fail, and not be removed from the index.
 */
const callsFor = (change: IndexChange): Call[] => {
  const gone = change.changes.flatMap((each) => (each.kind === 'remove' ? [each.path] : []))
  const written = change.changes.flatMap((each) => (each.kind === 'write' ? [each] : []))
  return [...write(written, change), ...(gone.length > 0 ? [byPath(gone, '--remove')] : [])]
}

/** Applies the change to the index file `file`. Returns the failure, or `undefined` on success. */
export const changeIndex = async (
  change: IndexChange,
  file: string,
): Promise<CommitResult | undefined> => {
  for (const { args, input } of callsFor(change)) {
    const answer = await runGit(change.top, ['update-index', '--add', ...args], {
      input,
      env: { GIT_INDEX_FILE: file },
      config: [...INDEX_SETTINGS, ...change.config, ...filtersOff(change.repoConfig)],
      ...(change.gitTimeoutMs !== undefined && { timeoutMs: change.gitTimeoutMs }),
    })
    if (!answer.ok) return failureFromGit(answer)
  }
  return undefined
}
