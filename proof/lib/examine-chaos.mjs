// What must be true of a repository after everybody has worked in it at once.
import { doctorOps, restoreOps, verify } from '@kitty/doctor'
import { parseOpRecord } from '@kitty/record'
import { archivedPath, recordPath } from '@kitty/writer'
import { git, tryGit } from './repository.mjs'
import { storeAt } from './scenarios.mjs'

/** Brings the branches together, as a team does, and lets the doctor mend what waits. */
const bringTogether = async (root) => {
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
  if (status !== 0) trouble.push(`the branches do not merge: ${text}`)
  await restoreOps({ ops }).catch(() => undefined)
  await doctorOps({ ops, fix: true })
  await doctorOps({ ops, fix: true })
  return trouble
}

const inHead = (root) =>
  new Set(git(root, 'ls-tree', '-r', '--name-only', 'HEAD', 'kitty-ops').split('\n'))

const placesOf = (head, id) => [recordPath(id), archivedPath(id)].filter((path) => head.has(path))

/** The Ops that the doctor says a commit deleted or no branch holds. */
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
 * What docs/durability.md does not promise: a user's command that git began before an Op's commit may end after
 * it, with an index that does not know the record, and an aborted rebase may set a branch back behind it. The
 * doctor has to report each such Op, and all must come back; also one that a sweep closed, which no closer knows.
 */
const bringBack = async (root, ids) => {
  const head = inHead(root)
  const gone = ids.filter((id) => placesOf(head, id).length === 0)
  const reported = await reportedGone(root)
  const ops = await storeAt(root)
  for (const id of new Set([...gone, ...reported])) {
    await restoreOps({ ops, ids: [id] }).catch(() => undefined)
  }
  if (gone.length + reported.size > 0) await doctorOps({ ops, fix: true })
  return { gone, unreported: gone.filter((id) => !reported.has(id)) }
}

/** How often a commit other than an archiving deleted the record of an Op; it may be committed again each time. */
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

const recordTrouble = (root, ids, broughtBack) => {
  const head = inHead(root)
  const deletions = deletionsIn(root)
  const own = ownCommits(root)
  return ids.flatMap((id) => {
    const places = placesOf(head, id)
    const [path] = places
    const text = path === undefined ? '' : git(root, 'show', `HEAD:${path}`)
    const { status } = parseOpRecord(text, { opId: id })
    const times = own.get(id) ?? 0
    const most = 1 + Math.max(deletions.get(id) ?? 0, broughtBack.includes(id) ? 1 : 0)
    return places.length === 1 && status === 'closed' && times >= 1 && times <= most
      ? []
      : [`${id}: ${places.length} times in HEAD, ${status}, ${times} commits of its own`]
  })
}

const keptTrouble = (root, kept) =>
  kept.flatMap(({ sha, name, staged }) => {
    const { status, text } = tryGit(root, 'show', `${sha}:${name}`)
    return status === 0 && text === staged ? [] : [`${sha} does not hold ${name} as it was staged`]
  })

/** What is wrong, nothing where every promise held; and which records had to come back from history. */
export const troubleWithChaos = async (root, ids, kept) => {
  const before = await bringTogether(root)
  const { gone: broughtBack, unreported } = await bringBack(root, ids)
  const fsck = tryGit(root, 'fsck', '--strict', '--no-dangling', '--no-progress')
  const { violations } = await verify({ root })
  const { findings } = await doctorOps({ ops: await storeAt(root) })
  const trouble = [
    ...before,
    ...unreported.map((id) => `${id}: gone from HEAD, and the doctor does not say so`),
    ...recordTrouble(root, ids, broughtBack),
    ...keptTrouble(root, kept),
    ...(fsck.status === 0 ? [] : [`git fsck: ${fsck.text}`]),
    ...violations.map(({ id, message }) => `gate: ${id}: ${message}`),
    ...findings
      .filter(({ severity, id }) => severity !== 'info' && id !== 'open-op')
      .map(({ id, message }) => `doctor: ${id}: ${message}`),
  ]
  return { trouble, broughtBack: broughtBack.length }
}
