// Checks what must be true right after a fault, and at the end.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { doctorOps, verify } from '@kitty/doctor'
import { parseOpRecord } from '@kitty/record'
import { archivedPath, recordPath } from '@kitty/writer/internals'
import { git, tryGit, workOf } from './repository.mjs'
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

/** Returns the person's work and the other records before the command, to compare with. */
export const before = (root, { open, others }) => ({
  work: workOf(root),
  bytes: [...open, ...others].map((id) => read(root, id).bytes.toString()),
})

const untouchedTrouble = (root, { open, others }, was) => {
  const now = [...open, ...others].map((id) => read(root, id).bytes?.toString())
  return [
    ...(workOf(root) === was.work ? [] : ['the person’s work has changed']),
    ...(now.every((text, at) => text === was.bytes[at]) ? [] : ['another record has changed']),
  ]
}

/** Returns what is wrong right after the fault. Returns nothing if every promise holds. */
export const troubleAfterFault = async (root, prepared, was) => [
  // A start can be interrupted before its record is complete. The check at the end shows whether it can be closed.
  ...recordTrouble(root, [
    ...(prepared.scenario === 'opening' ? [] : prepared.affected),
    ...prepared.open,
    ...prepared.others,
  ]),
  ...untouchedTrouble(root, prepared, was),
  ...fsckTrouble(root),
  ...(await gateTrouble(root)),
]

/** Returns how many commits name the Op in their trailer. */
const commitsOf = (root, id) =>
  git(root, 'log', '--format=%(trailers:key=Op-Id,valueonly,separator=%x2C)')
    .split('\n')
    .filter((line) => line === id).length

const onceTrouble = (root, { affected, others }) => {
  const head = new Set(git(root, 'ls-tree', '-r', '--name-only', 'HEAD').split('\n'))
  return [...affected, ...others].flatMap((id) => {
    const { status } = read(root, id)
    const [onDisk, inHead] = [
      placesOf(root, id).length,
      [recordPath(id), archivedPath(id)].filter((path) => head.has(path)).length,
    ]
    const own = commitsOf(root, id)
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
  ...untouchedTrouble(root, prepared, was),
  ...fsckTrouble(root),
  ...(await gateTrouble(root)),
  ...(await healthTrouble(root)),
]

/** Returns the paths of git's lock files that the fault left. */
export const locksLeft = (root) =>
  readdirSync(join(root, '.git'), { recursive: true, withFileTypes: true })
    .filter(({ name }) => name.endsWith('.lock'))
    .map(({ parentPath, name }) => join(parentPath, name))
