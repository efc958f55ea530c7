import type { CommitResult } from '@kitty/writer'
import { ok, type Result, stop } from '../git/result.js'
import { type CommitContent, commitObject } from '../objects/commit.js'
import type { GitObject } from '../objects/object.js'
import { storeObjects } from '../objects/store.js'
import { treeEditor } from '../objects/tree-editor.js'
import { fsyncSettings, hooksOff } from '../repository/config.js'
import { runMaintenanceDetached } from '../repository/maintenance.js'
import { signedCommit } from '../repository/signed-commit.js'
import type { Addition } from './addition.js'
import type { OpenLedger } from './ledger-place.js'
import type { LedgerTip } from './ledger-tip.js'
import { type LedgerMoved, moveLedgerRef } from './move-ref.js'
import type { ResolvedLedgerOptions } from './open-ledger.js'
import { noteTip } from './own-writer.js'

/** The subject never begins with `op(`, and there is no `Op-Id` trailer: a search over all refs finds each Op once. */
const subjectFor = (count: number): string => `ledger: add ${count} ${count === 1 ? 'Op' : 'Ops'}`

type NewCommit = { readonly tip: LedgerTip; readonly additions: readonly Addition[] }

/** Step 4: writes everything except the ref. Returns the id of the commit. */
const writeCommit = async (
  { workTree, repoConfig, writer }: OpenLedger,
  { tip, additions }: NewCommit,
  options: ResolvedLedgerOptions,
): Promise<Result<string>> => {
  const objects = new Map<string, GitObject>()
  const { objectFormat } = repoConfig
  const editor = treeEditor(tip.tree.trees, objectFormat, (object) =>
    objects.set(object.id, object),
  )
  const changes = [...tip.restored, ...additions].flatMap((each) => each.changes)
  const tree = editor.apply(changes)
  const message = `${subjectFor(additions.length)}\n`
  const content: CommitContent = { tree, parent: tip.base, message }
  const commit = options.sign === 'always' ? undefined : commitObject(repoConfig, content)
  const config = [...fsyncSettings(), ...hooksOff(repoConfig)]
  const all = [...objects.values(), ...(commit ? [commit] : [])]
  const failed = await storeObjects(workTree, all, { durability: 'power', config })
  if (failed !== undefined) return stop(failed)
  if (commit !== undefined) return ok(commit.id)
  const email = `${writer}@kitty.invalid`
  const isNameless = repoConfig.author.includes(`<${email}>`)
  const name = 'spec-kitty'
  const env = {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  }
  const timeoutMs = options.signTimeoutMs
  return signedCommit(workTree.top, content, { config, timeoutMs, ...(isNameless && { env }) })
}

/** Steps 4 and 5. Returns the new tip. */
export const addToRef = async (
  place: OpenLedger,
  commit: NewCommit,
  options: ResolvedLedgerOptions,
): Promise<Result<string, CommitResult | LedgerMoved>> => {
  const written = await writeCommit(place, commit, options)
  if (!written.ok) return written
  const message = subjectFor(commit.additions.length)
  return moveLedgerRef(place, { from: commit.tip.now, to: written.value, message })
}

/** Step 6. If the note fails, the next step 3 finds the older tip among the ancestors. */
export const noteAdded = async (
  { workTree, writer, repoConfig }: OpenLedger,
  tip: string,
): Promise<void> => {
  await noteTip(workTree.commonDir, writer, tip).catch(() => undefined)
  runMaintenanceDetached(workTree.top, repoConfig, [tip])
}
