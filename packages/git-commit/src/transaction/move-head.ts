// Step 7 of a close without git: moves HEAD in its files, as git would.
//
// Limits: git itself does it for an unborn branch (whose name can collide with others), the reftable format, a symbolic
// ref, a setting that limits reflogs, a ref outside the branches, and a branch whose id only git finds: it is damaged, or
// its name is not UTF-8, so that its file has another name.

import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Durability } from '@kitty/writer'
import { isPlainRef, moveRefFile } from '../refs/move-ref-file.js'
import type { RepoConfig } from '../repository/config.js'
import { readHead, readTip, tipInFiles } from '../repository/head.js'
import type { WorkTreeState } from '../repository/work-tree.js'

const isPlainHead = ({ commonDir, gitDir, head }: WorkTreeState): boolean => {
  if (head.kind === 'detached') return isPlainRef(commonDir, join(gitDir, 'HEAD'))
  const isBranch = head.ref.startsWith('refs/heads/') && head.ref === head.target
  return (
    isBranch &&
    tipInFiles(commonDir, head.ref) !== undefined &&
    isPlainRef(commonDir, join(commonDir, head.ref))
  )
}

/** Whether this software can move HEAD from this tip just as git would. */
export const canMoveHead = (
  workTree: WorkTreeState,
  tip: string | undefined,
  { config }: RepoConfig,
): boolean =>
  tip !== undefined &&
  (config.get('extensions.refstorage') ?? 'files') === 'files' &&
  /^(?:true|always)$/i.test(config.get('core.logallrefupdates') ?? 'true') &&
  (config.get('core.bare') ?? 'false') === 'false' &&
  isPlainHead(workTree)

type HeadMove = {
  readonly from: string
  readonly to: string
  /** The message for the reflogs. */
  readonly reason: string
  readonly repoConfig: RepoConfig
  readonly durability: Durability
}

const placeOf = ({ commonDir, gitDir, head }: WorkTreeState) => {
  const own = { file: join(gitDir, 'HEAD'), log: join(gitDir, 'logs', 'HEAD') }
  return head.kind === 'detached'
    ? { file: own.file, logs: [own.log] }
    : {
        file: join(commonDir, head.ref),
        head: own.file,
        logs: [join(commonDir, 'logs', head.ref), own.log],
      }
}

/** As `moveRefFile`. Caller must have asked `canMoveHead`. */
export const moveHead = (
  workTree: WorkTreeState,
  { from, to, reason, repoConfig, durability }: HeadMove,
): Promise<'moved' | 'changed' | undefined> =>
  moveRefFile({
    commonDir: workTree.commonDir,
    ...placeOf(workTree),
    from,
    to,
    committer: repoConfig.committer,
    message: reason,
    // A person who asks git to sync files gets synced files.
    durability: repoConfig.config.has('core.fsync') ? 'power' : durability,
    isUnchanged: async () =>
      isDeepStrictEqual(await readHead(workTree), workTree.head) &&
      (await readTip(workTree, workTree.head)) === from,
  })
