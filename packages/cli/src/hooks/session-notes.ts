import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { OpId } from '@kitty/record'
import type { OpSummary } from '@kitty/writer'
import {
  ARCHIVE_DIR,
  archivedPath,
  CLOSURES_PATH,
  excerptOf,
  intentPath,
  knownWorkTrees,
  listStartNotes,
  mayBeWorkedOn,
  OPS_DIR,
  olderStatesOf,
  opIdOfName,
  readRegularSync,
  recordPath,
  rootsInWorkTrees,
  startNotePath,
  stateDirOf,
  toAbsolute,
} from '@kitty/writer/internals'
import { definedFields } from '../command/defined.js'
import { isObject, type JsonObject } from '../command/json-object.js'

// A hook must be quick. So this reads notes and records without the schemas, whose library takes longer to load than
// everything else. It only asks and names; what is written goes through the store.

/** What a hook needs of a start note. */
export type OpenerNote = {
  readonly session: string | undefined
  readonly openedBy: string | undefined
  readonly left: boolean
  readonly summary: OpSummary
}

/** An open Op that the state of a project root knows. */
export type NotedOp = {
  readonly id: OpId
  /** The project root that it belongs to. */
  readonly root: string
  readonly note: OpenerNote
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

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

const objectIn = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Summarizes an open Op from its first line. Returns `undefined` if that is damaged. */
const summaryOfLine = (id: OpId, line: string): OpSummary | undefined => {
  const started = objectIn(line) ?? {}
  const [profile_id, action, started_at] = [
    textOf(started.profile_id),
    textOf(started.action),
    textOf(started.started_at),
  ]
  if (started.invocation_id !== id || !profile_id || !action || !started_at) return undefined
  const request_excerpt = excerptOf(textOf(started.request_text))
  return {
    invocation_id: id,
    status: 'open',
    profile_id,
    action,
    started_at,
    path: recordPath(id),
    ...(request_excerpt !== '' && { request_excerpt }),
    ...definedFields({
      actor: textOf(started.actor),
      mission_id: textOf(started.mission_id),
      wp_id: textOf(started.wp_id),
    }),
  }
}

const readText = (path: string): string | undefined => {
  try {
    return readRegularSync(path)?.toString()
  } catch {
    return undefined
  }
}

/** Inside a text, the quotes would have backslashes. */
const COMPLETED = /"event"\s*:\s*"completed"/

/** Whether an Op is open: not closed, and not being closed. A record that is gone or damaged does not close it. */
const isOpen = ({ dir, root }: Place, id: OpId): boolean => {
  if (existsSync(join(dir, intentPath(id)))) return false
  const texts = [recordPath(id), archivedPath(id)].map((path) => readText(toAbsolute(root, path)))
  return !texts.some((text) => text !== undefined && COMPLETED.test(text))
}

type IsWanted = (note: OpenerNote) => boolean

const notedOp = (place: Place, id: OpId, isWanted: IsWanted): readonly NotedOp[] => {
  const file = objectIn(readText(join(place.dir, startNotePath(id))) ?? '')
  const line = textOf(file?.line)
  const summary = line && summaryOfLine(id, line)
  if (file === undefined || !summary) return []
  const [session, openedBy] = [textOf(file.session), textOf(file.opened_by)]
  const note = { session, openedBy, left: isObject(file.left), summary }
  if (!isWanted(note) || !isOpen(place, id)) return []
  const isRunning = mayBeWorkedOn(id, {
    opener: textOf(file.opener),
    command: file.command === true,
  })
  return [{ id, root: place.root, note, isRunning }]
}

/** Drops the Ops that `op-closures.jsonl` closes. What reads it is loaded only if it is there. */
const withoutClosedBeside = async <T>(
  root: string,
  ops: readonly T[],
  idOf: (op: T) => OpId,
): Promise<readonly T[]> => {
  if (ops.length === 0 || !existsSync(toAbsolute(root, CLOSURES_PATH))) return ops
  const { isNamedInClosures } = await import('@kitty/writer/internals')
  return ops.filter((op) => !isNamedInClosures(root, idOf(op)))
}

const notedIn = async (place: Place, isWanted: IsWanted): Promise<readonly NotedOp[]> => {
  const ids = await listStartNotes(place.dir)
  const noted = ids.flatMap((id) => notedOp(place, id, isWanted))
  return withoutClosedBeside(place.root, noted, ({ id }) => id)
}

/** The open Ops with a wanted start note in the repositories of some folders, oldest first. Reads files only. */
export const notedOps = async (
  roots: readonly string[],
  isWanted: IsWanted,
): Promise<readonly NotedOp[]> => {
  const places = (await Promise.all(roots.map(placesIn))).flat()
  const byDir = new Map(places.map((place) => [place.dir, place]))
  const found = await Promise.all([...byDir.values()].map((place) => notedIn(place, isWanted)))
  const byId = new Map(found.flat().map((op) => [op.id, op]))
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** How many records without a start note are read: another program, or another clone, opened them. */
const MOST_RECORDS = 100

const RECORD = /^\w{26}\.jsonl$/

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

const openRecord = (root: string, name: string): readonly OpSummary[] => {
  const id = opIdOfName(name)
  const text = id && readText(toAbsolute(root, `${OPS_DIR}/${name}`))
  if (!id || !text || COMPLETED.test(text)) return []
  const summary = summaryOfLine(id, text.split('\n', 1)[0] ?? '')
  return summary ? [summary] : []
}

/** The open Ops among the newest records of a root, to find those that the state does not know; and whether it has none. */
export const newestRecords = async (root: string) => {
  // Sorted as texts first: an id is checked only where it is used.
  const names = namesIn(join(root, OPS_DIR)).filter((name) => RECORD.test(name))
  const newest = names.toSorted().slice(-MOST_RECORDS).toReversed()
  const isEmpty = names.length === 0 && !existsSync(join(root, ARCHIVE_DIR))
  const unclosed = newest.flatMap((name) => openRecord(root, name))
  const open = await withoutClosedBeside(root, unclosed, ({ invocation_id }) => invocation_id)
  return { open, isEmpty }
}
