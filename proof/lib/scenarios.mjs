// What is interrupted: the commands whose every step has to survive it.
import { directGit } from '@kitty/git-commit'
import { listRecords, listStartNotes, openOps, stateDirOf } from '@kitty/writer'
import { leaveWork, newRepository } from './repository.mjs'

const REQUEST = { profile_id: 'prover', action: 'prove', request_text: 'Does it hold?', actor: 'x' }
const DAY = 86_400_000

/** A store as a program opens it; `age` makes its Ops begin so many days ago. */
export const storeAt = (root, age = 0) =>
  openOps({ root, strategy: directGit(), clock: () => new Date(Date.now() - age * DAY) })

const start = async (ops) => (await ops.start(REQUEST)).invocation_id

const closed = async (ops) => {
  const id = await start(ops)
  const { commit } = await ops.complete(id, { outcome: 'done' })
  if (commit.status !== 'committed') throw new Error(`Not committed: ${JSON.stringify(commit)}`)
  return id
}

const many = async (count, make) => {
  const made = []
  for (let number = 0; number < count; number += 1) made.push(await make())
  return made
}

/** The Ops of a scene: those that the command is about, and those that it must leave alone. */
const SCENES = {
  opening: async (root) => {
    const others = await many(2, async () => closed(await storeAt(root)))
    return { open: [await start(await storeAt(root))], others, victims: [] }
  },
  completion: async (root) => {
    const ops = await storeAt(root)
    const others = await many(2, () => closed(ops))
    return { open: [await start(ops)], others, victims: [await start(ops)] }
  },
  sweep: async (root) => {
    const others = await many(2, async () => closed(await storeAt(root)))
    const victims = await many(3, async () => start(await storeAt(root, 3)))
    return { open: [await start(await storeAt(root))], others, victims }
  },
  archiving: async (root) => {
    const victims = await many(3, async () => closed(await storeAt(root, 60)))
    return { open: [await start(await storeAt(root))], others: [], victims }
  },
}

const COMMANDS = {
  opening: () => ['do', 'Does it hold?', '--json'],
  completion: ({ victims: [id] }) => ['ops', 'complete', id, '--outcome', 'done', '--json'],
  sweep: () => ['doctor', 'ops', '--close-stale', '--json'],
  archiving: () => ['ops', 'archive', '--json'],
}

export const SCENARIOS = Object.keys(SCENES)

/**
 * The scene after its command: what was opened, or was about to be, is among its Ops. Where not even what was to be
 * remembered is whole, there is no Op yet.
 */
export const withOpened = async (root, scene) => {
  if (scene.scenario !== 'opening') return scene
  const ops = await storeAt(root)
  const onDisk = (await listRecords(root)).map(({ id }) => id)
  const ids = new Set([...onDisk, ...(await listStartNotes((await stateDirOf(root)).dir))])
  const victims = []
  for (const id of ids) {
    const isKnown = scene.open.includes(id) || scene.others.includes(id)
    if (!isKnown && (onDisk.includes(id) || (await ops.startNote(id)))) victims.push(id)
  }
  return { ...scene, victims }
}

/** Makes the repository of a scenario, and gives its Ops and the command that will be interrupted. */
export const prepare = async (scenario, root) => {
  newRepository(root)
  const ops = await SCENES[scenario](root)
  leaveWork(root)
  return { scenario, ...ops, command: COMMANDS[scenario](ops) }
}
