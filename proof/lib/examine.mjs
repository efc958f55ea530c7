// What must be true right after a command was hurt, and in the end.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { doctorOps, verify } from '@kitty/doctor'
import { parseOpRecord } from '@kitty/record'
import { archivedPath, recordPath } from '@kitty/writer'
import { git, tryGit, workOf } from './repository.mjs'
import { storeAt } from './scenarios.mjs'

const placesOf = (root, id) =>
  [recordPath(id), archivedPath(id)].filter((path) => existsSync(join(root, path)))

/** A record's status and bytes from wherever it lies. */
const read = (root, id) => {
  const [path] = placesOf(root, id)
  if (path === undefined) return { status: 'gone' }
  const bytes = readFileSync(join(root, path))
  const { status, problems } = parseOpRecord(bytes, { opId: id })
  const errors = problems.filter(({ severity }) => severity === 'error')
  return { status, bytes, errors }
}

// An append that was cut off leaves an open Op, and is no damage.
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

/** The work and the untouched records before the command, to compare with. */
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

/** What is wrong right after the fault; nothing, where every promise holds. */
export const troubleAfterFault = async (root, scene, was) => [
  // A start may be cut off before its record is whole; whether it can be closed all the same is seen in the end.
  ...recordTrouble(root, [
    ...(scene.scenario === 'opening' ? [] : scene.victims),
    ...scene.open,
    ...scene.others,
  ]),
  ...untouchedTrouble(root, scene, was),
  ...fsckTrouble(root),
  ...(await gateTrouble(root)),
]

/** How many commits say that they are an Op's own. */
const commitsOf = (root, id) =>
  git(root, 'log', '--format=%(trailers:key=Op-Id,valueonly,separator=%x2C)')
    .split('\n')
    .filter((line) => line === id).length

const onceTrouble = (root, { victims, others }) => {
  const head = new Set(git(root, 'ls-tree', '-r', '--name-only', 'HEAD').split('\n'))
  return [...victims, ...others].flatMap((id) => {
    const { status } = read(root, id)
    const [onDisk, inHead] = [
      placesOf(root, id).length,
      [recordPath(id), archivedPath(id)].filter((path) => head.has(path)).length,
    ]
    const own = commitsOf(root, id)
    return status === 'closed' && onDisk === 1 && inHead === 1 && own === 1
      ? []
      : [
          `${id} is ${status}, ${onDisk} times on disk, ${inHead} in HEAD, in ${own} commits of its own`,
        ]
  })
}

const healthTrouble = async (root) => {
  const { findings } = await doctorOps({ ops: await storeAt(root) })
  return findings
    .filter(({ severity, id }) => severity !== 'info' && id !== 'open-op')
    .map(({ id, message }) => `${id}: ${message}`)
}

/** What is wrong in the end, when everything should be committed, once. */
export const troubleInTheEnd = async (root, scene, was) => [
  ...onceTrouble(root, scene),
  ...untouchedTrouble(root, scene, was),
  ...fsckTrouble(root),
  ...(await gateTrouble(root)),
  ...(await healthTrouble(root)),
]

/** Locks of git that the fault left, relative to the root. */
export const locksLeft = (root) =>
  readdirSync(join(root, '.git'), { recursive: true, withFileTypes: true })
    .filter(({ name }) => name.endsWith('.lock'))
    .map(({ parentPath, name }) => join(parentPath, name))
