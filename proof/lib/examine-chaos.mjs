// Checks what must be true of a repository after all processes and the person have worked in it.
import { doctorOps, restoreOps, verify } from '@kitty/doctor'
import { parseOpRecord } from '@kitty/record'
import { archivedPath, recordPath } from '@kitty/writer/internals'
import { git, tryGit } from './repository.mjs'
import { storeAt } from './scenarios.mjs'

/** Merges the branches, and lets the doctor fix and commit what is pending. Returns what failed. */
const mergeBranches = async (root) => {
  const trouble = []
  const ops = await storeAt(root)
  await doctorOps({ ops, fix: true })
  for (const way of [
    ['switch', 'side'],
    ['switch', 'work'],
  ]) {
    tryGit(root, 'stash', 'push', '--include-untracked', '--', ':(glob)*.txt')
    const { status, text } = tryGit(root, ...way)
    if (status !== 0) trouble.push(`git ${way.join(' ')}: ${text}`)
    await doctorOps({ ops, fix: true })
  }
  const { status, text } = tryGit(root, 'merge', '--no-edit', '-X', 'ours', 'side')
  if (status !== 0) trouble.push(`could not merge the branches: ${text}`)
  await restoreOps({ ops }).catch(() => undefined)
  await doctorOps({ ops, fix: true })
  await doctorOps({ ops, fix: true })
  return trouble
}

const inHead = (root) =>
  new Set(git(root, 'ls-tree', '-r', '--name-only', 'HEAD', 'kitty-ops').split('\n'))

const placesOf = (head, id) => [recordPath(id), archivedPath(id)].filter((path) => head.has(path))

/** Returns the Ops that the doctor reports as deleted by a commit, or as missing from every branch. */
const reportedGone = async (root) => {
  const { findings } = await doctorOps({ ops: await storeAt(root), deep: true })
  return new Set(
    findings
      .filter(({ id }) => id === 'deleted-in-history' || id === 'dropped-op')
      .flatMap(({ invocation_id, invocation_ids = [] }) => [invocation_id, ...invocation_ids])
      .filter((id) => id !== undefined),
  )
}

/**
 * Restores the Ops that are missing from HEAD. docs/durability.md does not promise that they stay there: a user's git
 * command that began before an Op's commit can end after it with an index without the record, and an aborted rebase can
 * reset a branch to before it. The doctor must report each of these Ops, and all must be restored, including those that
 * a sweep closed and that no process reported. Returns the missing Ops, and those that the doctor did not report.
 */
export const restoreMissing = async (root, ids) => {
  const head = inHead(root)
  const gone = ids.filter((id) => placesOf(head, id).length === 0)
  const reported = await reportedGone(root)
  const ops = await storeAt(root)
  for (const id of new Set([...gone, ...reported])) {
    await restoreOps({ ops, ids: [id] }).catch(() => undefined)
  }
  if (gone.length + reported.size > 0) await doctorOps({ ops, fix: true })
  return { gone, reported, unreported: gone.filter((id) => !reported.has(id)) }
}

/** Returns how often commits, except archive commits, deleted each record. After each, it can be committed again. */
const deletionsIn = (root) => {
  const format = '--format=commit %s'
  const args = ['--diff-filter=D', '--no-renames', '--name-only', format, '--', 'kitty-ops']
  const deletions = new Map()
  let isArchive = false
  for (const line of git(root, 'log', '-m', ...args).split('\n')) {
    if (line.startsWith('commit ')) isArchive = line.startsWith('commit chore(kitty-ops): archive ')
    const id = /([0-9A-Z]{26})\.jsonl$/.exec(line)?.[1]
    if (id !== undefined && !isArchive) deletions.set(id, (deletions.get(id) ?? 0) + 1)
  }
  return deletions
}

const ownCommits = (root) => {
  const format = '--format=%(trailers:key=Op-Id,valueonly,separator=%x2C)'
  const own = new Map()
  for (const id of git(root, 'log', '--no-merges', format).split('\n')) {
    own.set(id, (own.get(id) ?? 0) + 1)
  }
  return own
}

const recordTrouble = (root, ids, restored) => {
  const head = inHead(root)
  const deletions = deletionsIn(root)
  const own = ownCommits(root)
  return ids.flatMap((id) => {
    const places = placesOf(head, id)
    const [path] = places
    const text = path === undefined ? '' : git(root, 'show', `HEAD:${path}`)
    const { status } = parseOpRecord(text, { opId: id })
    const times = own.get(id) ?? 0
    const most = 1 + Math.max(deletions.get(id) ?? 0, restored.includes(id) ? 1 : 0)
    return places.length === 1 && status === 'closed' && times >= 1 && times <= most
      ? []
      : [`${id}: ${status}, in HEAD ${places.length} times, in ${times} commits of its own`]
  })
}

const keptTrouble = (root, kept) =>
  kept.flatMap(({ sha, name, staged }) => {
    const { status, text } = tryGit(root, 'show', `${sha}:${name}`)
    return status === 0 && text === staged
      ? []
      : [`${sha} does not contain ${name} as it was staged`]
  })

/** Returns what is wrong in a linked work tree, where the person does nothing. */
export const troubleInLinked = async (root, ids) => {
  const ops = await storeAt(root)
  for (const _ of [1, 2]) await doctorOps({ ops, fix: true })
  const { findings } = await doctorOps({ ops: await storeAt(root) })
  return [
    ...recordTrouble(root, ids, []),
    ...findings
      .filter(({ severity, id }) => severity !== 'info' && id !== 'open-op')
      .map(({ id, message }) => `doctor: ${id}: ${message}`),
  ]
}

/** Returns what is wrong, which is empty if every promise held, and how many records were restored from history. */
export const troubleWithChaos = async (root, ids, kept) => {
  const before = await mergeBranches(root)
  const { gone: restored, unreported } = await restoreMissing(root, ids)
  const fsck = tryGit(root, 'fsck', '--strict', '--no-dangling', '--no-progress')
  const { violations } = await verify({ root })
  const { findings } = await doctorOps({ ops: await storeAt(root) })
  const trouble = [
    ...before,
    ...unreported.map((id) => `${id}: missing from HEAD, but the doctor did not report it`),
    ...recordTrouble(root, ids, restored),
    ...keptTrouble(root, kept),
    ...(fsck.status === 0 ? [] : [`git fsck: ${fsck.text}`]),
    ...violations.map(({ id, message }) => `gate: ${id}: ${message}`),
    ...findings
      .filter(({ severity, id }) => severity !== 'info' && id !== 'open-op')
      .map(({ id, message }) => `doctor: ${id}: ${message}`),
  ]
  return { trouble, restored: restored.length }
}
