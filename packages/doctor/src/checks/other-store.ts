import { existsSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { otherRootsInHead } from '@kitty/git-commit/inspect'
import {
  findWorkTree,
  type KnownRoot,
  knownWorkTrees,
  listIntents,
  listStartNotes,
  OPS_DIR,
  stateDirOf,
} from '@kitty/writer/internals'
import type { Check, CheckContext, Finding } from '../check/check.js'
import { listNames } from '../check/wording.js'
import { headOf } from '../facts/head.js'

const nameIn = (top: string, root: string): string =>
  relative(top, root).replaceAll('\\', '/') || 'the top folder'

/** Whether a root has records, or lost them while an Op is open or pending. */
const isStore = async ({ root, dir }: KnownRoot): Promise<boolean> => {
  if (existsSync(join(root, OPS_DIR))) return true
  if (!existsSync(root)) return false
  return (await listStartNotes(dir)).length > 0 || (await listIntents(dir)).length > 0
}

/** The roots in this work tree that have state here: their Ops can all be uncommitted. */
const rootsWithState = async (root: string): Promise<readonly string[]> => {
  const own = basename((await stateDirOf(root)).lockDir)
  const tree = (await knownWorkTrees(root)).find(({ id }) => id === own)
  const roots = tree?.roots ?? []
  const areStores = await Promise.all(roots.map(isStore))
  return roots.filter((_, at) => areStores[at]).map((each) => join(each.root, '.'))
}

const run = async (context: CheckContext): Promise<readonly Finding[]> => {
  const { root } = context.ops
  const tree = await findWorkTree(root)
  if (tree === undefined) return []
  // If git cannot read HEAD, all that need it fail with one error.
  await headOf(context)
  const all = new Set([...(await otherRootsInHead(root)), ...(await rootsWithState(root))])
  const others = [...all].filter((each) => each !== root).sort()
  if (others.length === 0) return []
  const names = listNames(others.map((each) => nameIn(tree.top, each)))
  const message =
    others.length === 1
      ? `This repository has another store, which was not checked: ${names}.`
      : `This repository has ${others.length} other stores, which were not checked: ${names}.`
  // A store that a sparse checkout keeps off the disk has no folder to run in.
  const next = others
    .filter((each) => existsSync(each))
    .map((path) => ({ verb: 'doctor-there', path }) as const)
  return [{ id: otherStore.id, severity: 'info', message, fixable: false, next }]
}

/** Other stores of this work tree: each has a doctor of its own. */
export const otherStore: Check = { id: 'other-store', run }
