import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ATTRIBUTES_PATH, ATTRIBUTES_TEXT, type CommitResult, OPS_DIR } from '@kitty/writer'
import { failureFromGit } from '../git/failures.js'
import { toTopPath } from '../git/paths.js'
import { runGit } from '../git/run-git.js'
import { blobId } from '../objects/object.js'
import type { FileChange } from '../objects/tree-editor.js'
import { filtersOff, type RepoConfig } from '../repository/config.js'

/** A change of an index file, which need not be the one that everybody sees. */
export type IndexChange = {
  readonly top: string
  readonly commonDir: string
  /** The project root below the top. */
  readonly prefix: string
  readonly changes: readonly FileChange[]
  readonly repoConfig: RepoConfig
  readonly config: readonly string[]
  /** How long git may take, in milliseconds: the user's fsmonitor hook takes part in it. */
  readonly gitTimeoutMs: number | undefined
}

/** So many characters fit on the command line of any system: Windows takes 32,767 in all. */
const MAX_ARGUMENT_LENGTH = 24_000

/** For every change of an index that is put in the place of another. */
export const INDEX_SETTINGS = [
  // Git would refuse our own `.gitattributes` where it is to warn of line ends that may change.
  'core.safecrlf=false',
  // The old index must stay whole until the new one is in its place.
  'splitIndex.sharedIndexExpire=never',
  // Git would mark the entry so that it never looks at the file again.
  'core.ignoreStat=false',
]

/** One call of `update-index`. */
type Call = { readonly args: readonly string[]; readonly input: string }

type FileToWrite = Exclude<FileChange, { remove: true }>

/** Whether it lies in our folder: then git adds it to the index by its path, and stores its content. */
export const isOwnPath = (path: string, prefix: string): boolean =>
  path.startsWith(`${toTopPath(prefix, OPS_DIR)}/`)

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Whether git takes our files as they are: only where the user's attributes do not outrank ours. */
const areTakenAsTheyAre = ({ top, commonDir, prefix }: IndexChange): boolean =>
  !existsSync(join(commonDir, 'info', 'attributes')) &&
  readText(join(top, toTopPath(prefix, ATTRIBUTES_PATH))) === ATTRIBUTES_TEXT

const byPath = (paths: readonly string[], ...args: readonly string[]): Call => ({
  args: [...args, '-z', '--stdin'],
  input: paths.map((path) => `${path}\0`).join(''),
})

/**
 * By id, so that the index holds what the commit holds, whatever attributes say, and no mark of an older entry
 * (assume-unchanged, skip-worktree) keeps git from looking. Then ours by path as well, where that gives the same
 * bytes: git notes the times of the file, and need not read it again. An executable file is none in the commit.
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
 * A record that vanished just now must fail, and not be taken out of the index: so what is removed goes by itself,
 * after the new places of what was moved.
 */
const callsFor = (change: IndexChange): Call[] => {
  const gone = change.changes.flatMap((each) => ('remove' in each ? [each.path] : []))
  const written = change.changes.flatMap((each) => ('remove' in each ? [] : [each]))
  return [...write(written, change), ...(gone.length > 0 ? [byPath(gone, '--remove')] : [])]
}

/** Makes the change in `file`; undefined when it is made. */
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
