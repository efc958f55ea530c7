import { basename } from 'node:path/posix'
import { parseTimestamp } from '@kitty/record'
import type { OpFile, OpSummary, Ops } from '@kitty/writer'
import { printableLine } from '../terminal/printable.js'
import { ageText } from '../terminal/time.js'
import type { OpIdKind } from './op-id-kinds.js'
import { opOfNote, startNoteIds } from './open-ops.js'

/** Shells show them all, so more would not help. */
const MOST = 100

const summaries = async (files: readonly (OpFile | undefined)[]): Promise<readonly OpSummary[]> => {
  const { summaryOf } = await import('@kitty/writer/internals')
  return files.flatMap((file) => (file && summaryOf(file)) ?? [])
}

/** The newest records of HEAD that are not on disk. */
const missingOps = async ({ root }: Ops): Promise<readonly OpSummary[]> => {
  const { listRecords, opFileOf, opIdOfName } = await import('@kitty/writer/internals')
  const { readBlobs, recordsInHead } = await import('@kitty/git-commit/inspect')
  const present = new Set((await listRecords(root)).map(({ id }) => id))
  const missing = [...((await recordsInHead(root)) ?? [])]
    .flatMap(([path, blob]) => {
      const id = opIdOfName(basename(path))
      return id === undefined || present.has(id) ? [] : [{ id, path, blob }]
    })
    .toSorted((one, other) => (one.id < other.id ? 1 : -1))
    .slice(0, MOST)
  const blobs = await readBlobs(
    root,
    missing.map(({ blob }) => blob),
  )
  return summaries(
    missing.map(({ id, path, blob }) => {
      const bytes = blobs.get(blob)
      return bytes && opFileOf(root, id, { bytes, path })
    }),
  )
}

/** The open Ops among the newest Ops, and those that were started here. Reading every record would take too long. */
const openOps = async (ops: Ops): Promise<readonly OpSummary[]> => {
  const newest = await ops.list({ limit: MOST })
  const known = new Set(newest.map(({ invocation_id }) => invocation_id))
  const { summaryOf } = await import('@kitty/writer/internals')
  const earlier = (await startNoteIds(ops.root)).filter((id) => !known.has(id)).slice(0, MOST)
  const noted = await Promise.all(
    earlier.map(async (id) => {
      const file = await ops.read(id).catch(() => undefined)
      return file ? summaryOf(file) : opOfNote(ops, id)
    }),
  )
  return [...newest, ...noted.filter((op) => op !== undefined)]
    .filter(({ status }) => status === 'open')
    .toSorted((one, other) => (one.invocation_id < other.invocation_id ? 1 : -1))
}

const opsOf: Readonly<Record<OpIdKind, (ops: Ops) => Promise<readonly OpSummary[]>>> = {
  open: openOps,
  any: (ops) => ops.list({ limit: MOST }),
  missing: missingOps,
}

const ageOf = (time: string, now: Date): string => {
  const moment = parseTimestamp(time)
  return moment === undefined ? '?' : ageText(now.getTime() - moment)
}

const lineOf = (op: OpSummary, now: Date): string => {
  const { invocation_id: id, profile_id, action, outcome, request_excerpt: request } = op
  const what = `${action} by ${profile_id}, ${outcome ?? op.status}, ${ageOf(op.started_at, now)}`
  return `${id}\t${printableLine(request === undefined ? what : `${what}: ${request}`)}\n`
}

/** The ids for a shell, newest first: one per line, with a tab and a description. */
export const completedIds = async (ops: Ops, kind: OpIdKind, now: Date): Promise<string> =>
  (await opsOf[kind](ops)).map((op) => lineOf(op, now)).join('')
