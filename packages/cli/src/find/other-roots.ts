import { existsSync, realpathSync } from 'node:fs'
import { KittyError, type OpId } from '@kitty/record'
import type { CloseIntent, OpFile, Ops, StartNote } from '@kitty/writer'
import type { KnownRoot, KnownWorkTree } from '@kitty/writer/internals'
import { isMissing } from '../command/errors.js'
import type { Io } from '../command/io.js'
import type { WorkTreeJson } from '../json/shared.js'
import { openProject } from '../project/project.js'
import { startNoteIds } from './open-ops.js'

/** What is kept of the Ops of a project root: their records, if its folder is here, and their state. */
type Kept = {
  readonly recordIds: () => Promise<readonly OpId[]>
  readonly record: (id: OpId) => Promise<OpFile | undefined>
  readonly openIds: () => Promise<readonly OpId[]>
  readonly pending: () => Promise<readonly CloseIntent[]>
  readonly noteIds: () => Promise<readonly OpId[]>
  readonly note: (id: OpId) => Promise<StartNote | undefined>
}

/** A project root of the repository other than the one of this run: in another work tree, or in the same one. */
export type OtherRoot = {
  readonly root: string
  readonly workTree: WorkTreeJson
  readonly kept: Kept
}

const keptInStore = (store: Ops): Kept => ({
  recordIds: async () => {
    const { listRecords } = await import('@kitty/writer/internals')
    return (await listRecords(store.root)).map(({ id }) => id)
  },
  record: (id) =>
    store.read(id).catch((error: unknown) => {
      if (isMissing(error)) return undefined
      throw error
    }),
  openIds: async () =>
    (await store.list({ status: 'open' })).map(({ invocation_id }) => invocation_id),
  pending: () => store.pending(),
  noteIds: () => startNoteIds(store.root),
  note: (id) => store.startNote(id),
})

const keptInState = (dir: string): Kept => ({
  recordIds: async () => [],
  record: async () => undefined,
  openIds: async () => [],
  pending: async () => {
    const { listIntents, readIntent } = await import('@kitty/writer/internals')
    const ids = await listIntents(dir)
    const intents = await Promise.all(ids.map((id) => readIntent(dir, id).catch(() => undefined)))
    return intents.filter((intent) => intent !== undefined)
  },
  noteIds: async () => (await import('@kitty/writer/internals')).listStartNotes(dir),
  note: async (id) =>
    (await import('@kitty/writer/internals')).readStartNote(dir, id).catch(() => undefined),
})

/** What can be read of a root: its store, or else its state. `undefined` if neither can be read. */
const keptIn = async (
  io: Io,
  root: string,
  state: string | undefined,
): Promise<Kept | undefined> => {
  try {
    return keptInStore(await (await openProject(io, { root })).open('reading'))
  } catch {
    // The folder is not on this branch, or belongs to another user.
    return state === undefined ? undefined : keptInState(state)
  }
}

const canonical = (folder: string): string => {
  try {
    return realpathSync.native(folder)
  } catch {
    return folder
  }
}

const jsonOf = ({ path, status }: KnownWorkTree, root: string): WorkTreeJson => ({
  ...(path !== undefined && { path }),
  ...(path !== undefined && root !== path && { root }),
  status,
})

const fromState = async (
  io: Io,
  tree: KnownWorkTree,
  { root, dir }: KnownRoot,
): Promise<OtherRoot | undefined> => {
  const kept = tree.status === 'present' ? await keptIn(io, root, dir) : keptInState(dir)
  return kept && { root, workTree: jsonOf(tree, root), kept }
}

const withoutState = async (io: Io, root: string): Promise<OtherRoot | undefined> => {
  const { findWorkTree } = await import('@kitty/writer/internals')
  const kept = existsSync(root) ? await keptIn(io, root, undefined) : undefined
  const path = (await findWorkTree(root))?.top ?? root
  return (
    kept && { root, workTree: { path, ...(root !== path && { root }), status: 'present' }, kept }
  )
}

/** The other stores of this work tree that HEAD has: a fresh clone has no state of them. None if git fails. */
const storesInHead = async (own: string): Promise<readonly string[]> => {
  const { otherRootsInHead } = await import('@kitty/git-commit/inspect')
  return otherRootsInHead(own).catch((error: unknown) => {
    if (!(error instanceof KittyError)) throw error
    return []
  })
}

const ORDER = ['present', 'unreachable', 'gone'] as const

/**
 * Finds all other project roots of the repository that have records or state, those that are here first: in other work
 * trees, and in this one.
 */
export const otherRoots = async (io: Io, own: string): Promise<readonly OtherRoot[]> => {
  const { knownWorkTrees, rootsInWorkTrees } = await import('@kitty/writer/internals')
  const seen = new Set([canonical(own)])
  const found: (OtherRoot | undefined)[] = []
  for (const tree of await knownWorkTrees(own)) {
    for (const known of tree.roots) {
      const isPresent = tree.status === 'present'
      if (isPresent && seen.has(canonical(known.root))) continue
      if (isPresent) seen.add(canonical(known.root))
      found.push(await fromState(io, tree, known))
    }
  }
  // A work tree without state can have records, and state of an older version or of a sandbox.
  for (const root of [...(await rootsInWorkTrees(own)), ...(await storesInHead(own))]) {
    if (seen.has(canonical(root))) continue
    seen.add(canonical(root))
    found.push(await withoutState(io, root))
  }
  return found
    .filter((root) => root !== undefined)
    .toSorted((a, b) => ORDER.indexOf(a.workTree.status) - ORDER.indexOf(b.workTree.status))
}
