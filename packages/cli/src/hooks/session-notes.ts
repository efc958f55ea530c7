import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type OpId, parseOpRecord } from '@kitty/record'
import type { OpSummary, StartNote } from '@kitty/writer'
import {
  intentPath,
  knownWorkTrees,
  listRecords,
  listStartNotes,
  olderStatesOf,
  ownerLiveness,
  readRecord,
  readRecordAt,
  readStartNote,
  recordPath,
  rootsInWorkTrees,
  stateDirOf,
  summaryOf,
} from '@kitty/writer/internals'

/** An open Op that the state of a project root knows. */
export type NotedOp = {
  readonly id: OpId
  /** The project root that it belongs to. */
  readonly root: string
  readonly note: StartNote
  /** Whether a command runs under it, or can run. */
  readonly isRunning: boolean
}

/** A state folder and the project root that it belongs to. */
type Place = { readonly dir: string; readonly root: string }

const placesOfRoot = async (root: string): Promise<readonly Place[]> => {
  try {
    const state = await stateDirOf(root)
    return [state, ...olderStatesOf(root, state)].map(({ dir }) => ({ dir, root }))
  } catch {
    // A newer program wrote the state.
    return []
  }
}

/** The state folders of a repository: of every project root in every work tree that is here. */
const placesIn = async (root: string): Promise<readonly Place[]> => {
  const trees = await knownWorkTrees(root)
  const known = trees.flatMap(({ status, roots }) => (status === 'present' ? roots : []))
  const here = await Promise.all((await rootsInWorkTrees(root)).map(placesOfRoot))
  const byDir = new Map([...known, ...here.flat()].map((place) => [place.dir, place]))
  return [...byDir.values()]
}

/** Whether an Op is open: not closed, and not being closed. A record that is gone or damaged does not close it. */
const isOpen = async ({ dir, root }: Place, id: OpId): Promise<boolean> => {
  if (existsSync(join(dir, intentPath(id)))) return false
  try {
    return (await readRecord(root, id))?.record.status !== 'closed'
  } catch {
    return true
  }
}

const notedIn = async (
  place: Place,
  isWanted: (note: StartNote) => boolean,
): Promise<readonly NotedOp[]> => {
  const found: NotedOp[] = []
  for (const id of await listStartNotes(place.dir)) {
    const note = await readStartNote(place.dir, id).catch(() => undefined)
    if (note === undefined || !isWanted(note) || !(await isOpen(place, id))) continue
    const isRunning = note.opener !== undefined && ownerLiveness(note.opener) !== 'dead'
    found.push({ id, root: place.root, note, isRunning })
  }
  return found
}

/** The open Ops with a wanted start note in the repositories of some folders, oldest first. Reads files only. */
export const notedOps = async (
  roots: readonly string[],
  isWanted: (note: StartNote) => boolean,
): Promise<readonly NotedOp[]> => {
  const places = (await Promise.all(roots.map(placesIn))).flat()
  const byDir = new Map(places.map((place) => [place.dir, place]))
  const found = await Promise.all([...byDir.values()].map((place) => notedIn(place, isWanted)))
  const byId = new Map(found.flat().map((op) => [op.id, op]))
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Summarizes an Op from its start note. */
export const summaryOfNote = ({
  id,
  note,
}: Pick<NotedOp, 'id' | 'note'>): OpSummary | undefined => {
  const record = parseOpRecord(note.line, { opId: id })
  return summaryOf({ record, bytes: Buffer.from(note.line), path: recordPath(id) })
}

/** How many records without a start note are read: another program, or another clone, opened them. */
const MOST_RECORDS = 100

/** The newest records of a root, to find open Ops that the state does not know. Whether there is any record too. */
export const newestRecords = async (root: string) => {
  const records = await listRecords(root).catch(() => [])
  const newest = records.toSorted((a, b) => (a.id < b.id ? 1 : -1)).slice(0, MOST_RECORDS)
  const open = newest.flatMap((place) => {
    try {
      const file = readRecordAt(root, place)
      return file?.record.status === 'open' ? (summaryOf(file) ?? []) : []
    } catch {
      return []
    }
  })
  return { open, isEmpty: records.length === 0 }
}
