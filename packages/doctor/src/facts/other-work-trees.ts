import { existsSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { areOnBranches } from '@kitty/git-commit/inspect'
import { type OpId, parseOpRecord } from '@kitty/record'
import type { CloseIntent, StartNote } from '@kitty/writer'
import {
  hasLiveOwner,
  type KnownRoot,
  type KnownWorkTree,
  knownWorkTrees,
  listIntents,
  listStartNotes,
  readIntent,
  readRecord,
  readStartNote,
  stateDirOf,
} from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import { memoized } from '../check/memo.js'
import { asMissing } from './head.js'
import { notClosedInGit, type OpenOp, openOpFromNote } from './open-ops.js'
import { heldByLedger } from './own-ledger.js'
import { hasLedger } from './work-tree.js'

/** Another work tree of the repository, and the Ops that its state holds. */
export type OtherWorkTree = KnownWorkTree & {
  /** Oldest first. */
  readonly open: readonly OpenOp[]
  /** The Ops that are closed and not committed. */
  readonly pending: readonly OpId[]
  /** The Ops that are committed, although their intent is left. */
  readonly settled: readonly OpId[]
  /** The roots that these Ops belong to. */
  readonly rootsWithOps: readonly string[]
  /** The start notes that are left of Ops that were closed in another place. */
  readonly needlessNotes: readonly { readonly dir: string; readonly id: OpId }[]
}

/** Whether a sweep takes Ops of a work tree: it is gone, or certainly not at work in its place. */
export const isSweepable = ({ status, isLocked, path }: KnownWorkTree): boolean =>
  status === 'gone' ||
  (status === 'unreachable' && !isLocked && path !== undefined && existsSync(dirname(path)))

const CONCURRENCY = 32

type Noted = { readonly id: OpId; readonly note: StartNote; readonly from: KnownRoot }

const isClosedIn = async (root: string, id: OpId): Promise<boolean> =>
  (await readRecord(root, id).catch(() => undefined))?.record.status === 'closed'

/** The Ops that are open as far as their start notes say. */
const notesIn = async (from: KnownRoot, intents: ReadonlySet<OpId>): Promise<readonly Noted[]> => {
  const ids = (await listStartNotes(from.dir)).filter((id) => !intents.has(id))
  const notes = await mapConcurrent(ids, CONCURRENCY, (id) => readStartNote(from.dir, id))
  return ids.flatMap((id, number) => {
    const note = notes[number]
    return note === undefined ? [] : [{ id, note, from }]
  })
}

/** Drops Ops that were closed in another place meanwhile. */
const stillOpen = async (
  context: CheckContext,
  noted: readonly Noted[],
  roots: readonly string[],
): Promise<readonly OpenOp[]> => {
  const open = await notClosedInGit(
    context,
    noted.map(({ id }) => id),
  )
  const ops = await mapConcurrent(noted, CONCURRENCY, async ({ id, note }) => {
    if (!open.includes(id)) return undefined
    for (const root of roots) if (await isClosedIn(root, id)) return undefined
    const { started } = parseOpRecord(Buffer.from(note.line), { opId: id })
    return started && openOpFromNote(context, started, note)
  })
  return ops.filter((op) => op !== undefined).toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

type PendingElsewhere = CloseIntent & Pick<KnownRoot, 'root'>

const intentsIn = async ({ dir, root }: KnownRoot): Promise<readonly PendingElsewhere[]> => {
  const intents = await mapConcurrent(await listIntents(dir), CONCURRENCY, (id) =>
    readIntent(dir, id).catch(() => undefined),
  )
  return intents.flatMap((intent) => (intent === undefined ? [] : [{ ...intent, root }]))
}

/** The Ops of a work tree, as its state has them. */
type OpsOfTree = {
  readonly tree: KnownWorkTree
  readonly noted: readonly Noted[]
  /** What no living process closes. */
  readonly waiting: readonly PendingElsewhere[]
}

const readOps = async (tree: KnownWorkTree): Promise<OpsOfTree> => {
  const intents = (await Promise.all(tree.roots.map(intentsIn))).flat()
  const closing = new Set(intents.map(({ id }) => id))
  const noted = (await Promise.all(tree.roots.map((root) => notesIn(root, closing)))).flat()
  return { tree, noted, waiting: intents.filter((intent) => !hasLiveOwner(intent)) }
}

/** The intents whose Op is committed. Of a work tree that is gone, every branch can have the record, or else the ledger. */
const committedOf = async (
  context: CheckContext,
  trees: readonly OpsOfTree[],
): Promise<ReadonlySet<CloseIntent>> => {
  const intents = trees.flatMap(({ tree, waiting }) => (tree.status === 'gone' ? waiting : []))
  const isHeld =
    intents.length > 0 && hasLedger(context) ? await heldByLedger(context) : () => false
  const others = intents.filter(({ id, bytes }) => !isHeld(id, bytes))
  const areCommitted = await areOnBranches(context.ops.root, others.map(asMissing))
  const pending = new Set(others.filter((_, number) => areCommitted[number] !== true))
  return new Set(intents.filter((intent) => !pending.has(intent)))
}

const otherWorkTree = (
  { tree, noted, waiting }: OpsOfTree,
  open: readonly OpenOp[],
  committed: ReadonlySet<CloseIntent>,
): OtherWorkTree => {
  const isOpen = new Set(open.map(({ id }) => id))
  const needed = noted.filter(({ id }) => isOpen.has(id)).map(({ from }) => from.root)
  return {
    ...tree,
    open,
    needlessNotes: noted
      .filter(({ id }) => !isOpen.has(id))
      .map(({ id, from }) => ({ dir: from.dir, id })),
    rootsWithOps: [...new Set([...needed, ...waiting.map(({ root }) => root)])].sort(),
    pending: waiting.filter((intent) => !committed.has(intent)).map(({ id }) => id),
    settled: waiting.filter((intent) => committed.has(intent)).map(({ id }) => id),
  }
}

/** The other work trees of the repository that have state. Empty outside git. */
export const otherWorkTrees = memoized(async (context): Promise<readonly OtherWorkTree[]> => {
  const own = basename((await stateDirOf(context.ops.root)).lockDir)
  const trees = await knownWorkTrees(context.ops.root)
  const present = trees.filter(({ status }) => status === 'present')
  const known = present.flatMap((tree) => tree.roots.map(({ root }) => root))
  const roots = [...new Set([context.ops.root, ...known])]
  const others = trees.filter(({ id }) => id !== own)
  // There can be hundreds: git is asked once for all of them.
  const found = await mapConcurrent(others, CONCURRENCY, readOps)
  const committed = await committedOf(context, found)
  return mapConcurrent(found, CONCURRENCY, async (each) =>
    otherWorkTree(each, await stillOpen(context, each.noted, roots), committed),
  )
})
