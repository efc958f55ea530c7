import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { formatTimestamp, newOpId, type OpId, type OpRecord, parseOpRecord } from '@kitty/record'
import { archivedPath, recordPath, toAbsolute } from '../../src/project/paths.js'

type Fields = Readonly<Record<string, unknown>>

const line = (fields: Fields): string => `${JSON.stringify(fields)}\n`

/** A started line; the Op starts when its id says. */
export const startedLine = (id: OpId, fields: Fields = {}): string =>
  line({
    event: 'started',
    invocation_id: id,
    profile_id: 'debugger-debbie',
    action: 'investigate',
    request_text: 'Why does it fail?',
    actor: 'claude',
    mode_of_work: 'task_execution',
    started_at: '2026-01-05T10:00:00.000Z',
    ...fields,
  })

/** A completed line, one minute after the start. */
export const completedLine = (id: OpId, fields: Fields = {}): string =>
  line({
    event: 'completed',
    invocation_id: id,
    completed_at: '2026-01-05T10:01:00.000Z',
    outcome: 'done',
    closed_by: 'agent',
    ...fields,
  })

const FIRST = Date.UTC(2026, 0, 5, 10)

/** The id of an Op that started this many minutes after the first one. */
export const idAt = (minute: number): OpId => newOpId(FIRST + minute * 60_000)

/** The lines of an Op that was closed a minute after it started. */
export const closedLines = (minute: number, id: OpId, started: Fields = {}): string => {
  const at = FIRST + minute * 60_000
  return (
    startedLine(id, { started_at: formatTimestamp(at), ...started }) +
    completedLine(id, { completed_at: formatTimestamp(at + 60_000) })
  )
}

/** A closed record. */
export const closedRecord = (minute: number, id: OpId = idAt(minute)): OpRecord =>
  parseOpRecord(closedLines(minute, id), { opId: id })

/** Writes a file below a root, with its folders. */
export const put = async (root: string, path: string, content: string | Uint8Array) => {
  const absolute = toAbsolute(root, path)
  await mkdir(dirname(absolute), { recursive: true })
  await writeFile(absolute, content)
}

/** Writes a record to the hot folder. */
export const putRecord = (root: string, id: OpId, content: string | Uint8Array) =>
  put(root, recordPath(id), content)

/** Writes a record to the archive. */
export const putArchived = (root: string, id: OpId, content: string) =>
  put(root, archivedPath(id), content)
