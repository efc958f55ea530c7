import {
  filesAtTip,
  findHistory,
  type HistoryCommit,
  resolveRevision,
  shallowCommits,
  walkHistory,
} from '@kitty/git-commit'
import type { Finding } from '../check.js'
import { note } from './finding.js'
import { firstClosed } from './first-closed.js'
import { judgeCommit } from './judge-commit.js'
import { judgeOrigins } from './judge-origin.js'
import { type AtTip, judgeChange, judgeRecord } from './judge-tip.js'
import { opAt } from './record-path.js'
import { readVersions } from './versions.js'

export type VerifyOptions = {
  /** The project root, in a work tree; or a bare repository. */
  readonly root: string
  /** Check only what came after this revision, as for a pull request. */
  readonly since?: string
}

/** What the gate says, as `ops verify --json` prints it. */
export type Verification = {
  /** Whether there is no violation. */
  readonly ok: boolean
  readonly checked: { readonly records: number; readonly commits: number }
  /** What only damage or a bug can cause. */
  readonly violations: readonly Finding[]
  /** What a person may do legitimately, and how far the look went. */
  readonly notes: readonly Finding[]
}

const SHALLOW =
  'This clone is shallow: only the history that is in it was checked. For all of it: git fetch --unshallow (fetch-depth: 0 in a workflow)'

/** With a revision given, the files that have changed since; else all. */
const inScope = (
  files: ReadonlyMap<string, { readonly mode: string; readonly blob: string }>,
  commits: readonly HistoryCommit[],
  since: string | undefined,
): readonly AtTip[] => {
  const all = [...files].map(([path, entry]) => ({ path, ...entry }))
  if (since === undefined) return all
  const touched = new Set(commits.flatMap(({ changes }) => changes.map(({ path }) => path)))
  return all.filter(({ path }) => touched.has(path))
}

/**
 * Checks the records of a branch against its whole history, as contracts say. Changes nothing.
 *
 * @throws KittyError `NO_REPOSITORY`, `REV_NOT_FOUND`, `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const verify = async ({ root, since }: VerifyOptions): Promise<Verification> => {
  const place = await findHistory(root)
  const from = since === undefined ? undefined : await resolveRevision(root, since)
  const [commits, files] = await Promise.all([walkHistory(place, from), filesAtTip(place)])
  const edges = await shallowCommits(place)
  const tip = inScope(files, commits, from)
  const versions = await readVersions(place, commits, tip)
  const firsts = firstClosed(place, commits, versions, edges)
  const judged = commits.filter(({ sha }) => !edges.has(sha))
  const findings: (Finding | undefined)[] = place.isShallow ? [note('shallow', SHALLOW)] : []
  for (const commit of judged) findings.push(...judgeCommit(place, commit, versions))
  for (const file of tip) {
    findings.push(judgeRecord(place, file, versions))
    const id = opAt(place, file.path)
    const first = id === undefined ? undefined : firsts.get(id)
    if (first !== undefined) findings.push(await judgeChange(place, file, first, versions))
  }
  const all = [...findings.filter((finding) => finding !== undefined), ...judgeOrigins(firsts)]
  const violations = all.filter(({ severity }) => severity === 'error')
  const records = tip.filter(({ path }) => opAt(place, path) !== undefined).length
  return {
    ok: violations.length === 0,
    checked: { records, commits: commits.length },
    violations,
    notes: all.filter(({ severity }) => severity !== 'error'),
  }
}
