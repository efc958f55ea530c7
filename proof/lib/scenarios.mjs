// The scenarios: commands that must survive an interruption at every step.
import { execFileSync } from 'node:child_process'
import { readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { directGit, withLedger } from '@kitty/git-commit'
import { openOps } from '@kitty/writer'
import { listRecords, listStartNotes, stateDirOf } from '@kitty/writer/internals'
import { commonDirOf, git, installHooks, leaveWork, newRepository } from './repository.mjs'

/** The command line. */
export const PROGRAM = fileURLToPath(new URL('../../packages/cli/bin/run.js', import.meta.url))

const REQUEST = { profile_id: 'prover', action: 'prove', request_text: 'Does it hold?', actor: 'x' }
const DAY = 86_400_000

/** Opens a store, with the ledger as on the command line. Its Ops begin `age` days ago. */
export const storeAt = (root, age = 0) =>
  openOps({
    root,
    strategy: withLedger(directGit()),
    clock: () => new Date(Date.now() - age * DAY),
  })

const start = async (ops) => (await ops.start(REQUEST)).id

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

/** Closes an Op while a bisection is in progress, so that it stays pending. */
const pending = async (root) => {
  git(root, 'bisect', 'start')
  const ops = await storeAt(root)
  const id = await start(ops)
  const { commit } = await ops.complete(id, { outcome: 'done' })
  if (commit.status !== 'deferred') throw new Error(`Not deferred: ${JSON.stringify(commit)}`)
  git(root, 'bisect', 'reset')
  return id
}

/** Adds a linked work tree beside the repository. */
const addLinked = (root) => {
  const linked = join(dirname(root), 'linked')
  git(root, 'worktree', 'add', '--quiet', '-b', 'linked', linked)
  return linked
}

const removeLinked = (root) =>
  git(root, 'worktree', 'remove', '--force', join(dirname(root), 'linked'))

/** Moves the state of the work tree to where it was before it outlived the work tree. */
const makeStateOlder = (root) => {
  const kitty = join(commonDirOf(root), 'kitty')
  const [id] = readdirSync(join(kitty, 'trees'))
  renameSync(join(kitty, 'trees', id, 'root'), join(kitty, 'root'))
  for (const name of ['trees', 'id', 'format', join('root', 'root')]) {
    rmSync(join(kitty, name), { recursive: true })
  }
}

const PROMPT = JSON.stringify({ session_id: 'one', prompt: 'Does it hold?' })

const HOOK = ['hooks', 'prompt', '--agent', 'claude-code', '--capture']

/** Makes the Ops of a scenario: those that the command works on (`affected`), and those that it must not change. */
const OPS = {
  opening: async (root) => {
    const others = await many(2, async () => closed(await storeAt(root)))
    return { open: [await start(await storeAt(root))], others, affected: [], opens: true }
  },
  // Also marks the Op of the interrupted turn before as left.
  prompt: async (root) => {
    const others = [await closed(await storeAt(root))]
    execFileSync(process.execPath, [PROGRAM, ...HOOK], { cwd: root, input: PROMPT })
    const open = (await listRecords(root)).map(({ id }) => id).filter((id) => !others.includes(id))
    if (open.length !== 1) throw new Error(`The hook opened ${open.length} Ops`)
    return { open, others, affected: [], opens: true, input: PROMPT }
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
  linked: async (root) => {
    const linked = addLinked(root)
    return { ...(await OPS.completion(linked)), root: linked }
  },
  removed: async (root) => {
    const linked = addLinked(root)
    const { others, open } = await OPS.completion(root)
    const affected = [await start(await storeAt(linked))]
    return { others, open, affected, cwd: linked, isElsewhere: true, afterwards: removeLinked }
  },
  'taking over': async (root) => {
    const affected = [await start(await storeAt(root)), await pending(root)]
    const { others, open, affected: opened } = await OPS.completion(root)
    makeStateOlder(root)
    return { others, open: [...open, ...opened], affected }
  },
  adopting: async (root) => {
    const linked = addLinked(root)
    const affected = [await start(await storeAt(linked)), await pending(linked)]
    const { others, open } = await OPS.completion(root)
    removeLinked(root)
    return { others, open, affected, program: ADOPT, isElsewhere: true }
  },
}

const COMMANDS = {
  opening: () => ['do', 'Does it hold?', '--json'],
  prompt: () => HOOK,
  completion: ({ affected: [id] }) => ['ops', 'complete', id, '--outcome', 'done', '--json'],
  sweep: () => ['doctor', 'ops', '--close-stale', '--json'],
  archiving: () => ['ops', 'archive', '--json'],
  linked: (ops) => COMMANDS.completion(ops),
  removed: (ops) => COMMANDS.completion(ops),
  'taking over': (ops) => COMMANDS.completion(ops),
  adopting: ({ affected }) => affected,
}

export const SCENARIOS = Object.keys(OPS)

/**
 * Returns the prepared scenario after its command, with the Op that it opened or was about to open among `affected`. If
 * neither a record nor a complete start note exists, no Op was opened.
 */
export const withOpened = async (root, prepared) => {
  if (!prepared.opens) return prepared
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

/** Takes over and closes Ops of a work tree that was removed. */
export const ADOPT = fileURLToPath(new URL('./adopt-program.mjs', import.meta.url))

/**
 * Makes the repository of a scenario in a folder. Returns its Ops; the command to interrupt, where it runs (`cwd`) and
 * what it reads (`input`); whether it opens an Op (`opens`); what happens right after it (`afterwards`); and the project
 * root to check (`root`), which differs if the work tree of the Ops is removed (`isElsewhere`).
 */
export const prepare = async (scenario, folder) => {
  const top = join(folder, 'repository')
  newRepository(top)
  const ops = await OPS[scenario](top)
  const root = ops.root ?? top
  leaveWork(root)
  installHooks(root)
  return {
    scenario,
    cwd: root,
    afterwards: () => undefined,
    ...ops,
    root,
    command: COMMANDS[scenario](ops),
  }
}
