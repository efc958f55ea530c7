// Checks what must be true right after a fault, and at the end.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { doctorOps, verify } from '@kitty/doctor'
import { parseOpRecord } from '@kitty/record'
import { archivedPath, excludePathOf, recordPath } from '@kitty/writer/internals'
import { commonDirOf, git, hooksThatRan, tryGit, workOf } from './repository.mjs'
import { storeAt } from './scenarios.mjs'

const placesOf = (root, id) =>
  [recordPath(id), archivedPath(id)].filter((path) => existsSync(join(root, path)))

/** Reads a record from `kitty-ops/` or from the archive. */
const read = (root, id) => {
  const [path] = placesOf(root, id)
  if (path === undefined) return { status: 'gone' }
  const bytes = readFileSync(join(root, path))
  const { status, problems } = parseOpRecord(bytes, { opId: id })
  const errors = problems.filter(({ severity }) => severity === 'error')
  return { status, bytes, errors }
}

// An interrupted append leaves an open Op, which is not damage.
const TORN = new Set(['TORN_TAIL', 'NUL_BYTES'])

const recordTrouble = (root, ids) =>
  ids.flatMap((id) => {
    const { status, errors = [] } = read(root, id)
    const bad = errors.filter(({ code }) => !TORN.has(code))
    return status === 'open' || (status === 'closed' && bad.length === 0)
      ? []
      : [`record ${id} is ${status} ${bad.map(({ code }) => code).join(' ')}`]
  })

const fsckTrouble = (root) => {
  const { status, text } = tryGit(root, 'fsck', '--strict', '--no-dangling', '--no-progress')
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('notice:'))
  return status === 0 && lines.length === 0 ? [] : [`git fsck: ${lines.join('; ')}`]
}

const gateTrouble = async (root) => {
  const { violations, notes } = await verify({ root })
  const open = notes.filter(({ id }) => id === 'open-in-other-commit')
  return [...violations, ...open].map(({ id, message }) => `${id}: ${message}`)
}

const HIDING = /^[/#](?:.*\/)?kitty-ops\/([0-9A-Z]{26})\.jsonl$/

/** Returns the lines of `info/exclude`: a person's own, and the ids of the records that the others hide. */
const exclusionsOf = (root) => {
  const lines = readFileSync(excludePathOf(commonDirOf(root)), 'utf8').split('\n')
  const own = lines.filter((line) => !HIDING.test(line)).join('\n')
  // Ours begin on a new line.
  return {
    own: own.replace(/\n$/, ''),
    hidden: lines.flatMap((line) => (line.startsWith('/') ? (HIDING.exec(line)?.[1] ?? []) : [])),
  }
}

/** Returns the person's work and the other records before the command, to compare with. */
export const before = (root, { open, others }) => ({
  work: workOf(root),
  exclusions: exclusionsOf(root).own,
  bytes: [...open, ...others].map((id) => read(root, id).bytes.toString()),
})

const untouchedTrouble = (root, { open, others }, was) => {
  const now = [...open, ...others].map((id) => read(root, id).bytes?.toString())
  return [
    ...(workOf(root) === was.work ? [] : ['the person’s work has changed']),
    ...(exclusionsOf(root).own === was.exclusions ? [] : ['the person’s rules have changed']),
    ...hooksThatRan(root).map((name) => `the hook ${name} of the person ran`),
    ...(now.every((text, at) => text === was.bytes[at]) ? [] : ['another record has changed']),
  ]
}

const STATE_FILE = /[\\/]kitty[\\/].*(pending|started)[\\/]([0-9A-Z]{26})(?:\.json)?$/

/** Returns the intents and start notes in all state folders of the repository, as `pending <id>` or `started <id>`. */
const stateOf = (root) =>
  readdirSync(commonDirOf(root), { recursive: true })
    .map((path) => STATE_FILE.exec(join(root, path)))
    .flatMap((match) => (match === null ? [] : [`${match[1]} ${match[2]}`]))

const twice = (list) => list.filter((each, at) => list.indexOf(each) !== at)

/** No intent or start note is in two state folders, and each of these Ops has one or is committed. */
const stateTrouble = (root, ids) => {
  const state = stateOf(root)
  const own = ownCommits(root)
  return [
    ...twice(state).map((each) => `${each} is in two state folders`),
    ...ids
      .filter((id) => !state.some((each) => each.endsWith(id)) && !own.has(id))
      .map((id) => `${id} has no start note, no intent and no commit`),
  ]
}

/** Whether a line in `info/exclude` hides the record of an Op. */
const isHidden = (root) => {
  const { hidden } = exclusionsOf(root)
  return (id) => hidden.includes(id)
}

/** A command that failed, but was not interrupted, leaves nothing staged. */
const stagedTrouble = (root) =>
  git(root, 'diff', '--cached', '--name-only', '--', 'kitty-ops')
    .split('\n')
    .flatMap((path) => (path === '' ? [] : [`${path} is staged`]))

/**
 * Returns what is wrong right after the fault; `died` tells whether it interrupted the command. Returns nothing if every
 * promise holds.
 */
export const troubleAfterFault = async (root, prepared, was, died) => [
  ...(died ? [] : stagedTrouble(root)),
  // A start can be interrupted before its record is complete. The check at the end shows whether it can be closed.
  ...recordTrouble(root, [
    ...(prepared.opens || prepared.isElsewhere ? [] : prepared.affected),
    ...prepared.open,
    ...prepared.others,
  ]),
  // A start that failed leaves no start note; its record, if there is one, must then be visible.
  ...stateTrouble(root, [
    ...(prepared.opens ? prepared.affected.filter(isHidden(root)) : prepared.affected),
    ...prepared.open,
  ]),
  ...untouchedTrouble(root, prepared, was),
  ...fsckTrouble(root),
  ...(await gateTrouble(root)),
]

/** Returns how many commits on any branch name an Op in their trailer, by its id. */
const ownCommits = (root) => {
  const format = '--format=%(trailers:key=Op-Id,valueonly,separator=%x2C)'
  const own = new Map()
  for (const id of git(root, 'log', '--branches', format).split('\n')) {
    own.set(id, (own.get(id) ?? 0) + 1)
  }
  return own
}

const namesIn = (root, branch) =>
  new Set(git(root, 'ls-tree', '-r', '--name-only', branch).split('\n'))

/** Returns the records in the ledger as one line for each, with mode, blob and path. */
const ledgerOf = (root) => {
  const refs = git(root, 'for-each-ref', '--format=%(refname)', 'refs/kitty/ops/').split('\n')
  return refs
    .filter((ref) => ref !== '')
    .flatMap((ref) => git(root, 'ls-tree', '-r', '--full-tree', ref).split('\n'))
}

/** Every closed Op is in the ledger, once, with the bytes on disk; no open one is. */
const ledgerTrouble = (root, { affected, others, open, isElsewhere }) => {
  const lines = ledgerOf(root)
  const closed = isElsewhere ? others : [...affected, ...others]
  const paths = closed.map((id) => placesOf(root, id)[0])
  const blobs = git(root, 'hash-object', '--no-filters', '--', ...paths).split('\n')
  return [
    ...closed.flatMap((id, at) => {
      const found = lines.filter((line) => line.endsWith(`/${id}.jsonl`))
      if (found.length !== 1) return [`${id} is in the ledger ${found.length} times`]
      return found[0].includes(` ${blobs[at]}\t`) ? [] : [`the ledger has other bytes of ${id}`]
    }),
    ...open
      .filter((id) => lines.some((line) => line.includes(id)))
      .map((id) => `${id} is open, and in the ledger`),
  ]
}

/**
 * An Op of a work tree that was removed can be on its branch, if the crash came after its commit; or in the ledger; never
 * on two branches.
 */
const onceElsewhereTrouble = (root, ids) => {
  const tips = git(root, 'branch', '--format=%(refname)').trim().split('\n')
  const commits = ownCommits(root)
  const ledger = ledgerOf(root)
  return ids.flatMap((id) => {
    const holding = tips.filter((tip) => namesIn(root, tip).has(recordPath(id)))
    const texts = holding.map((tip) => git(root, 'show', `${tip}:${recordPath(id)}`))
    const areClosed = texts.every((text) => parseOpRecord(text, { opId: id }).status === 'closed')
    const own = commits.get(id) ?? 0
    const isKept = ledger.filter((line) => line.endsWith(`/${id}.jsonl`)).length === 1
    const isOnce = holding.length === 1 && own === 1
    return areClosed && (isOnce || (isKept && holding.length === 0 && own === 0))
      ? []
      : [`${id} is on ${holding.length} branches, closed: ${areClosed}, in ${own} commits`]
  })
}

/** Nothing in the state folders or in `info/exclude` is left of committed Ops; an open Op has its start note. */
const leftTrouble = (root, { affected, others, open }) => {
  const state = stateOf(root)
  const { hidden } = exclusionsOf(root)
  const committed = [...affected, ...others]
  return [
    ...committed.filter((id) => hidden.includes(id)).map((id) => `${id} is committed, and hidden`),
    ...state.filter((each) => committed.some((id) => each.endsWith(id))),
    ...twice(state).map((each) => `${each} is in two state folders`),
    ...open.filter((id) => !state.includes(`started ${id}`)).map((id) => `${id} has no start note`),
  ]
}

const onceTrouble = (root, { affected, others, isElsewhere }) => {
  if (isElsewhere) return onceElsewhereTrouble(root, affected)
  const head = namesIn(root, 'HEAD')
  const commits = ownCommits(root)
  return [...affected, ...others].flatMap((id) => {
    const { status } = read(root, id)
    const [onDisk, inHead] = [
      placesOf(root, id).length,
      [recordPath(id), archivedPath(id)].filter((path) => head.has(path)).length,
    ]
    const own = commits.get(id) ?? 0
    return status === 'closed' && onDisk === 1 && inHead === 1 && own === 1
      ? []
      : [
          `${id} is ${status}, on disk ${onDisk} times, in HEAD ${inHead} times, in ${own} commits of its own`,
        ]
  })
}

const healthTrouble = async (root) => {
  const { findings } = await doctorOps({ ops: await storeAt(root) })
  return findings
    .filter(({ severity, id }) => severity !== 'info' && id !== 'open-op')
    .map(({ id, message }) => `${id}: ${message}`)
}

/** Returns what is wrong at the end, when every closed Op must be committed exactly once. */
export const troubleAtTheEnd = async (root, prepared, was) => [
  ...onceTrouble(root, prepared),
  ...ledgerTrouble(root, prepared),
  ...leftTrouble(root, prepared),
  ...untouchedTrouble(root, prepared, was),
  ...fsckTrouble(root),
  ...(await gateTrouble(root)),
  ...(await healthTrouble(root)),
]

/** Returns the paths of the lock files that the fault left, except the lock of a work tree that was removed. */
export const locksLeft = (root) => {
  const commonDir = commonDirOf(root)
  const files = readdirSync(commonDir, { recursive: true, withFileTypes: true })
  const ids = files
    .filter(({ name, parentPath }) => name === 'id' && basename(parentPath) === 'kitty')
    .map(({ name, parentPath }) => readFileSync(join(parentPath, name), 'utf8').trim())
  const isGone = (folder) =>
    dirname(folder) === join(commonDir, 'kitty', 'trees') && !ids.includes(basename(folder))
  return files
    .filter(({ name, parentPath }) => name.endsWith('.lock') && !isGone(parentPath))
    .map(({ parentPath, name }) => join(parentPath, name))
}
