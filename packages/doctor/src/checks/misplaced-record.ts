import { existsSync } from 'node:fs'
import {
  archivedPath,
  OPS_DIR,
  opIdOfName,
  readRegular,
  recordPath,
  toAbsolute,
} from '@kitty/writer/internals'
import type { Check, CheckContext, Finding } from '../check/check.js'
import type { OpRef } from '../check/finding.js'
import type { Advice, NextStep } from '../check/next-step.js'
import { type FoundFile, filesOf } from '../facts/files.js'
import { indexedAt } from '../facts/git-index.js'
import { headOf } from '../facts/head.js'

const archivedIn = (files: readonly FoundFile[]): readonly OpRef[] =>
  files.flatMap(({ folder, name, path }) => {
    const id = folder === OPS_DIR ? undefined : opIdOfName(name)
    return id === undefined ? [] : [{ id, path }]
  })

const wrongMonth = async ({ id, path }: OpRef, context: CheckContext): Promise<Finding> => {
  const [head, index] = await Promise.all([
    headOf(context).catch(() => undefined),
    indexedAt(context, [path]).catch(() => undefined),
  ])
  // The folder of the right month may not exist, and then git cannot move a file there.
  const to = recordPath(id)
  const move: readonly NextStep[] = index?.has(path) ? [{ verb: 'git-move', path, to }] : []
  const commit: readonly NextStep[] = head?.has(path) ? [{ verb: 'git-commit', path, to }] : []
  return {
    id: misplacedRecord.id,
    severity: 'warning',
    invocation_id: id,
    path,
    message: `The record is archived in the wrong month, where some commands do not find it: the id determines the month. Move it to ${to}; it can be archived again from there.`,
    fixable: false,
    next: [...move, ...commit],
  }
}

const read = ({ ops }: CheckContext, path: string): Promise<Buffer | undefined> =>
  readRegular(toAbsolute(ops.root, path)).catch(() => undefined)

/** The copy that HEAD has counts; an archive that was interrupted can be finished or undone. */
const adviceFor = async (context: CheckContext, hot: string, archived: string): Promise<Advice> => {
  const [head, index] = await Promise.all([
    headOf(context).catch(() => undefined),
    indexedAt(context, [hot]).catch(() => undefined),
  ])
  if (!head?.has(archived)) {
    const text = 'Archiving again with the same flags finishes it; deleting this copy undoes it.'
    return { text, next: [{ verb: 'archive' }] }
  }
  const isTracked = index?.has(hot) === true
  const text = isTracked
    ? 'git has the archived copy; remove the other.'
    : 'git has the archived copy; delete the other.'
  return {
    text,
    next: [
      ...(isTracked ? [{ verb: 'git-remove', path: hot } as const] : []),
      ...(head.has(hot) ? [{ verb: 'git-commit', path: hot } as const] : []),
    ],
  }
}

const twice = async ({ id, path }: OpRef, context: CheckContext): Promise<Finding> => {
  const hot = recordPath(id)
  const [bytes, archived] = await Promise.all([read(context, hot), read(context, path)])
  const base = { id: misplacedRecord.id, invocation_id: id, path, fixable: false }
  if (bytes === undefined || archived?.equals(bytes) !== true) {
    const message = `There is a different record of this Op at ${hot}; that one counts.`
    return {
      ...base,
      severity: 'error',
      message,
      next: [{ verb: 'git-diff-files', path: hot, to: path }],
    }
  }
  const { text, next } = await adviceFor(context, hot, path)
  const message = `The same record is also at ${hot}, as happens when archiving is interrupted. ${text}`
  return { ...base, severity: 'warning', message, next }
}

/** Archived records in the wrong month, and Ops that have both a hot and an archived record. */
export const misplacedRecord: Check = {
  id: 'misplaced-record',
  run: async (context) => {
    const files = await filesOf(context)
    const archived = archivedIn(files)
    const doubled = archived.filter(({ id }) =>
      existsSync(toAbsolute(context.ops.root, recordPath(id))),
    )
    const findings = await Promise.all(doubled.map((each) => twice(each, context)))
    const misplaced = archived.filter(({ id, path }) => path !== archivedPath(id))
    return [...findings, ...(await Promise.all(misplaced.map((each) => wrongMonth(each, context))))]
  },
}
