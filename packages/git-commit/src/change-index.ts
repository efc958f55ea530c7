import { type CommitResult, OPS_DIR, opIdOfName } from '@kitty/writer'
import type { FileChange } from './file-change.js'
import { runGit } from './git.js'
import { failure } from './git-failures.js'
import { blobId } from './git-object.js'
import { belowTop } from './planned-request.js'
import { filtersOff, type RepositoryFacts } from './repository-facts.js'

/** A change of an index file, which need not be the one that everybody sees. */
export type IndexChange = {
  readonly top: string
  /** The project root below the top. */
  readonly prefix: string
  readonly changes: readonly FileChange[]
  readonly facts: RepositoryFacts
  readonly config: readonly string[]
  /** How long git may take, in milliseconds: the user's fsmonitor hook takes part in it. */
  readonly gitTimeoutMs: number | undefined
}

/** So many paths fit on the command line of any system. */
const AT_ONCE = 100

const SETTINGS = [
  // Git would refuse our own `.gitattributes` where it is to warn of line ends that may change.
  'core.safecrlf=false',
  // The old index must stay whole until the new one is in its place.
  'splitIndex.sharedIndexExpire=never',
]

type Part = {
  readonly byId: readonly string[]
  readonly byPath: readonly string[]
  /** Takes those paths out whose files are gone. */
  readonly remove?: true
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Whether it lies in our folder: then git adds it to the index by its path, and stores its content. */
export const isOurs = (path: string, prefix: string): boolean =>
  path.startsWith(`${belowTop(prefix, OPS_DIR)}/`)

const isRecordOf = (path: string, prefix: string): boolean =>
  isOurs(path, prefix) && opIdOfName(nameOf(path)) !== undefined

/**
 * By path, git reads the file and notes its times, so that it need not be read again; but attributes
 * may change its bytes (not those of records, see `kitty-ops/.gitattributes`), and marks such as
 * skip-worktree keep git from looking (not at records, which are new). By id, neither matters.
 */
const partsOf = ({ prefix, changes, facts }: IndexChange): Part[] => {
  const gone = changes.filter((change) => 'remove' in change).map(({ path }) => path)
  const byPath = changes.filter((change) => !('remove' in change) && isOurs(change.path, prefix))
  const byId = changes.flatMap((change) =>
    'remove' in change || isRecordOf(change.path, prefix)
      ? []
      : [`100644,${blobId(change.bytes, facts.objectFormat)},${change.path}`],
  )
  const parts: Part[] = []
  for (let at = 0; at < byId.length; at += AT_ONCE) {
    parts.push({ byId: byId.slice(at, at + AT_ONCE), byPath: [] })
  }
  return [
    ...parts.slice(0, -1),
    { byId: parts.at(-1)?.byId ?? [], byPath: byPath.map(({ path }) => path) },
    ...(gone.length > 0 ? [{ byId: [], byPath: gone, remove: true } as const] : []),
  ]
}

/** Makes the change in `file`; undefined when it is made. */
export const changeIndex = async (
  change: IndexChange,
  file: string,
): Promise<CommitResult | undefined> => {
  // A record that vanished just now must fail, and not be taken out of the index: so what is removed goes
  // by itself, after the new places of what was moved.
  for (const { byId, byPath, remove = false } of partsOf(change)) {
    const ids = byId.flatMap((entry) => ['--cacheinfo', entry])
    const args = ['--add', ...(remove ? ['--remove'] : []), ...ids, '-z', '--stdin']
    const answer = await runGit(change.top, ['update-index', ...args], {
      input: byPath.map((path) => `${path}\0`).join(''),
      env: { GIT_INDEX_FILE: file },
      config: [...SETTINGS, ...change.config, ...filtersOff(change.facts)],
      ...(change.gitTimeoutMs !== undefined && { timeoutMs: change.gitTimeoutMs }),
    })
    if (!answer.ok) return failure(answer)
  }
  return undefined
}
