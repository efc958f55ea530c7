// The scenarios: commands that must survive an interruption at every step.
import { directGit } from '@kitty/git-commit'
import { openOps } from '@kitty/writer'
import { listRecords, listStartNotes, stateDirOf } from '@kitty/writer/internals'
import { leaveWork, newRepository } from './repository.mjs'

const REQUEST = { profile_id: 'prover', action: 'prove', request_text: 'Does it hold?', actor: 'x' }
const DAY = 86_400_000

/** Opens a store. Its Ops begin `age` days ago. */
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

/** Makes the Ops of a scenario: those that the command works on (`affected`), and those that it must not change. */
const OPS = {
  opening: async (root) => {
    const others = await many(2, async () => closed(await storeAt(root)))
    return { open: [await start(await storeAt(root))], others, affected: [] }
  },
  completion: async (root) => {
    const ops = await storeAt(root)
    const others = await many(2, () => closed(ops))
    return { open: [await start(ops)], others, affected: [await start(ops)] }
  },
  sweep: async (root) => {
    const others = await many(2, async () => closed(await storeAt(root)))
    const affected = await many(3, async () => start(await storeAt(root, 3)))
    return { open: [await start(await storeAt(root))], others, affected }
  },
  archiving: async (root) => {
    const affected = await many(3, async () => closed(await storeAt(root, 60)))
    return { open: [await start(await storeAt(root))], others: [], affected }
  },
}

const COMMANDS = {
  opening: () => ['do', 'Does it hold?', '--json'],
  completion: ({ affected: [id] }) => ['ops', 'complete', id, '--outcome', 'done', '--json'],
  sweep: () => ['doctor', 'ops', '--close-stale', '--json'],
  archiving: () => ['ops', 'archive', '--json'],
}

export const SCENARIOS = Object.keys(OPS)

/**
 * Returns the prepared scenario after its command, with the Op that it opened or was about to open among `affected`. If
 * neither a record nor a complete start note exists, no Op was opened.
 */
export const withOpened = async (root, prepared) => {
  if (prepared.scenario !== 'opening') return prepared
  const ops = await storeAt(root)
  const onDisk = (await listRecords(root)).map(({ id }) => id)
  const ids = new Set([...onDisk, ...(await listStartNotes((await stateDirOf(root)).dir))])
  const affected = []
  for (const id of ids) {
    const isKnown = prepared.open.includes(id) || prepared.others.includes(id)
    if (!isKnown && (onDisk.includes(id) || (await ops.startNote(id)))) affected.push(id)
  }
  return { ...prepared, affected }
}

/** Makes the repository of a scenario. Returns its Ops and the command to interrupt. */
export const prepare = async (scenario, root) => {
  newRepository(root)
  const ops = await OPS[scenario](root)
  leaveWork(root)
  return { scenario, ...ops, command: COMMANDS[scenario](ops) }
}
