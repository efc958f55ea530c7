import { join } from 'node:path'
import {
  canCreateIn,
  findUnreachableTop,
  listIntents,
  listStartNotes,
  olderStatesOf,
  type StateLocation,
  stateDirOf,
} from '@kitty/writer/internals'
import type { Check, CheckContext, Finding, Fix, FixOutcome } from '../check/check.js'

/** The state folder below the root, if it holds Ops that belong into the git directory. */
const findState = async (
  root: string,
  location: StateLocation,
): Promise<{ readonly dir: string; readonly count: number } | undefined> => {
  if (location.place === 'outside-git') return undefined
  const below = join(root, '.kittify', 'state')
  const dirs = [location, ...olderStatesOf(root, location)].map(({ dir }) => dir)
  const dir = dirs.find((each) => each === below)
  if (dir === undefined) return undefined
  const ids = new Set([...(await listIntents(dir)), ...(await listStartNotes(dir))])
  return ids.size === 0 ? undefined : { dir, count: ids.size }
}

/** Why the state cannot be in the git directory now; `undefined` if it can. */
const whyNot = async (root: string, { workTree }: StateLocation): Promise<string | undefined> => {
  if (workTree === undefined) {
    const top = (await findUnreachableTop(root)) ?? root
    return `the git directory that ${join(top, '.git')} names was not found`
  }
  const locked = [workTree.gitDir, workTree.commonDir].find((dir) => !canCreateIn(dir))
  return locked && `${locked} cannot be written`
}

const run = async ({ ops }: CheckContext): Promise<readonly Finding[]> => {
  const location = await stateDirOf(ops.root)
  const state = await findState(ops.root, location)
  if (state === undefined) return []
  const why = await whyNot(ops.root, location)
  const what = `The state of ${state.count === 1 ? '1 Op' : `${state.count} Ops`} is in ${state.dir}`
  const base = { id: stateInWorkTree.id, path: '.kittify/state' } as const
  if (why === undefined) {
    const message = `${what}, not in the git directory. The next Op takes it over.`
    return [{ ...base, severity: 'info', message, fixable: true, next: [{ verb: 'fix' }] }]
  }
  const message = `${what}, because ${why}. Until an Op that can write it takes the state over, these Ops are lost with this work tree.`
  return [{ ...base, severity: 'warning', message, fixable: false, next: [] }]
}

const fix: Fix = {
  plan: ({ path }) => `Would take over the state in ${path}.`,
  apply: async ({ path }, { ops }): Promise<FixOutcome> => {
    await ops.flush({ allStrategies: true })
    const left = await findState(ops.root, await stateDirOf(ops.root))
    const done = left === undefined
    const message = done ? `Took over the state in ${path}.` : `Another process uses ${path} now.`
    return { done, message }
  },
}

/** State that is in the work tree, because the git directory could not be found or written. */
export const stateInWorkTree: Check = { id: 'state-in-work-tree', run, fix }
