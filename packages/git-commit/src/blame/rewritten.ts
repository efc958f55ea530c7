// Finds commits that were linked and that a commit in HEAD's history replaces, after a rebase, an amend or a squash: by
// patch ids, file by file.
//
//   a rebase, an amended message     the replaced commit has the same patch
//   an amend of other files          it has the same patch in some files
//   a squash                         all commits since the branch left HEAD's history have it together

import { runGit } from '../git/run-git.js'
import { type FilePatches, patchesBetween, patchesOf } from './patches.js'

/** How many commits outside HEAD's history are compared, newest first. */
const MOST_COMPARED = 2000

/** How many of them are taken for the end of a branch that was squashed. */
const MOST_SQUASHED = 50

/** Linked commits that are not in HEAD's history. */
export type Unreached = {
  /** In this clone, newest first. */
  readonly here: readonly string[]
  /** Not in this clone. */
  readonly missing: ReadonlySet<string>
}

const linesOf = (ids: readonly string[]): string => ids.map((id) => `${id}\n`).join('')

const commitsAmong = async (top: string, linked: readonly string[]) => {
  const check = ['cat-file', '--batch-check=%(objecttype) %(objectname)']
  const answer = await runGit(top, check, { input: linesOf(linked) })
  const answers = answer.stdout.toString().split('\n')
  const known = linked.map((_, number) => /^commit (\w+)$/.exec(answers[number] ?? '')?.[1])
  return {
    known: known.filter((id) => id !== undefined),
    missing: new Set(linked.filter((_, number) => known[number] === undefined)),
  }
}

/** Returns which linked commits are not in HEAD's history. Ids can be cut to a prefix, and can be unknown here. */
export const findUnreached = async (top: string, linked: readonly string[]): Promise<Unreached> => {
  if (linked.length === 0) return { here: [], missing: new Set() }
  const { known, missing } = await commitsAmong(top, linked)
  const args = ['rev-list', `--max-count=${MOST_COMPARED}`, '--stdin']
  const beyond = await runGit(top, args, { input: linesOf(['^HEAD', ...known]) })
  const ids = beyond.ok ? beyond.stdout.toString().split('\n') : []
  const isLinked = new Set(known)
  return { here: ids.filter((id) => isLinked.has(id)), missing }
}

const share = (one: FilePatches | undefined, other: FilePatches | undefined): boolean =>
  one !== undefined && other !== undefined && [...one].some((patch) => other.has(patch))

/** The commits of a branch since it left HEAD's history, together. */
type Squash = { readonly patches: FilePatches; readonly commits: readonly string[] }

const squashAt = async (
  top: string,
  tip: string,
  paths: readonly string[],
): Promise<Squash | undefined> => {
  const answer = await runGit(top, ['merge-base', 'HEAD', tip])
  const base = answer.stdout.toString().trim()
  if (!answer.ok || base === '') return undefined
  const list = await runGit(top, ['rev-list', `${base}..${tip}`, '--', ...paths])
  if (!list.ok) return undefined
  const patches = await patchesBetween(top, [base, tip], paths)
  return { patches, commits: list.stdout.toString().split('\n').slice(0, -1) }
}

/**
 * Returns for each of some commits in HEAD's history the linked commits that it probably replaces, as far as the changes
 * of some paths tell; of all paths if there are none.
 */
export const findReplaced = async (
  top: string,
  {
    commits,
    paths,
    here,
  }: {
    readonly commits: readonly string[]
    readonly paths: readonly string[]
    readonly here: Unreached['here']
  },
): Promise<ReadonlyMap<string, readonly string[]>> => {
  if (here.length === 0 || commits.length === 0) return new Map()
  const found = new Map<string, Set<string>>()
  const [own, theirs] = [await patchesOf(top, commits, paths), await patchesOf(top, here, paths)]
  const add = (sha: string, replaced: readonly string[]): void => {
    const known = found.get(sha) ?? new Set()
    for (const each of replaced) known.add(each)
    if (known.size > 0) found.set(sha, known)
  }
  for (const sha of commits) {
    add(
      sha,
      here.filter((each) => share(own.get(sha), theirs.get(each))),
    )
  }
  const linked = new Set(here)
  for (const tip of here.filter((each) => theirs.get(each)?.size !== 0).slice(0, MOST_SQUASHED)) {
    const left = commits.filter((sha) => !found.has(sha))
    if (left.length === 0) break
    const squash = await squashAt(top, tip, paths)
    for (const sha of squash ? left : []) {
      if (share(own.get(sha), squash?.patches))
        add(sha, squash?.commits.filter((each) => linked.has(each)) ?? [])
    }
  }
  return new Map([...found].map(([sha, replaced]) => [sha, [...replaced]]))
}
