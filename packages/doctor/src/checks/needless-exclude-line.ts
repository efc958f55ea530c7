import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { OpId } from '@kitty/record'
import {
  type ExcludeLine,
  excludePathOf,
  excludePattern,
  idsInState,
  knownWorkTrees,
  listExcludeLines,
  prefixOf,
  readIntent,
  readRecord,
  recordPath,
  removeExcludeLines,
  stateDirOf,
  stateFoldersIn,
  type WorkTree,
} from '@kitty/writer/internals'
import type { Check, CheckContext, Finding, Fix, FixOutcome } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import { indexedAt } from '../facts/git-index.js'
import { headOf, isInHead } from '../facts/head.js'
import { heldByLedger, ownRecords } from '../facts/own-ledger.js'
import { workTreeOf } from '../facts/work-tree.js'

const CONCURRENCY = 32

/** The lines now; none if the file cannot be read: see `visible-records`. */
const linesIn = ({ commonDir }: WorkTree): readonly ExcludeLine[] => {
  try {
    return listExcludeLines(commonDir)
  } catch {
    return []
  }
}

const isClosed = async ({ ops }: CheckContext, id: OpId): Promise<boolean> =>
  (await readRecord(ops.root, id).catch(() => undefined))?.record.status === 'closed'

/** Whether an intent holds the record for another attempt to commit it. Where committing is turned off, none follows. */
const isPending = async (dir: string, id: OpId): Promise<boolean> => {
  const intent = await readIntent(dir, id)
  return intent !== undefined && intent.result?.status !== 'skipped'
}

/** Whether the ledger, but not HEAD, holds the record on disk: it stays hidden. */
const isOnlyInLedger = async (context: CheckContext, id: OpId): Promise<boolean> => {
  const bytes = (await readRecord(context.ops.root, id).catch(() => undefined))?.bytes
  if (bytes === undefined || !(await heldByLedger(context))(id, bytes)) return false
  const head = await headOf(context)
  return head === undefined || !isInHead(head, id, bytes)
}

/** The lines of records of this root that are tracked, or closed and neither pending nor only in the ledger. */
const needlessHere = async (
  context: CheckContext,
  lines: readonly ExcludeLine[],
): Promise<ReadonlySet<ExcludeLine>> => {
  const { dir } = await stateDirOf(context.ops.root)
  const tracked = await indexedAt(
    context,
    lines.map(({ id }) => recordPath(id)),
  )
  const needless = await mapConcurrent(lines, CONCURRENCY, async (line) => {
    if (tracked.has(recordPath(line.id))) return [line]
    // In this order: a close creates its intent first.
    const closed = await isClosed(context, line.id)
    if (!closed || (await isPending(dir, line.id))) return []
    return (await isOnlyInLedger(context, line.id)) ? [] : [line]
  })
  return new Set(needless.flat())
}

/**
 * The Ops whose record is in the ledger and not in HEAD, and on the disk of this work tree or another, whose own doctor
 * judges the line.
 */
const keptByLedger = async (
  context: CheckContext,
  lines: readonly ExcludeLine[],
  own: readonly ExcludeLine[],
): Promise<ReadonlySet<OpId>> => {
  const records = lines.length === 0 ? new Map<OpId, string>() : await ownRecords(context)
  const held = lines.filter(({ id }) => records.has(id))
  if (held.length === 0) return new Set()
  const trees = await knownWorkTrees(context.ops.root)
  const roots = trees.flatMap((tree) => tree.roots.map(({ root }) => root))
  const others = roots.filter((root) => root !== context.ops.root)
  const kept = await mapConcurrent(held, CONCURRENCY, async (line) => {
    const isElsewhere = others.some((root) => existsSync(join(root, recordPath(line.id))))
    const isHere = own.includes(line) && (await isOnlyInLedger(context, line.id))
    return isElsewhere || isHere ? [line.id] : []
  })
  return new Set(kept.flat())
}

const needlessLines = async (
  context: CheckContext,
  workTree: WorkTree,
): Promise<readonly ExcludeLine[]> => {
  const lines = linesIn(workTree)
  const prefix = prefixOf(context.ops.root, workTree)
  const own = lines.filter(({ id, pattern }) => pattern === excludePattern(prefix, id))
  const here = await needlessHere(context, own)
  const held = await idsInState(stateFoldersIn(workTree.commonDir))
  const unknown = lines.filter(({ id }) => !held.has(id))
  const kept = await keptByLedger(context, unknown, own)
  const found = lines.filter(
    (line) => here.has(line) || (unknown.includes(line) && !kept.has(line.id)),
  )
  // A commit that ran meanwhile has taken its lines out.
  const left = new Set(linesIn(workTree).map(({ pattern }) => pattern))
  return found.filter(({ pattern }) => left.has(pattern))
}

const run = async (context: CheckContext): Promise<readonly Finding[]> => {
  const workTree = await workTreeOf(context)
  const lines = workTree === undefined ? [] : await needlessLines(context, workTree)
  if (workTree === undefined || lines.length === 0) return []
  const what = lines.length === 1 ? 'a line' : `${lines.length} lines`
  return [
    {
      id: needlessExcludeLine.id,
      severity: 'info',
      path: excludePathOf(workTree.commonDir),
      message: `${excludePathOf(workTree.commonDir)} has ${what} for records that need not be hidden: they are committed, closed, or unknown.`,
      fixable: true,
      next: [{ verb: 'fix' }],
    },
  ]
}

const fix: Fix = {
  plan: ({ path }) => `Would take the needless lines out of ${path}.`,
  apply: async ({ path }, context): Promise<FixOutcome> => {
    const workTree = await workTreeOf(context)
    const lines = workTree === undefined ? [] : await needlessLines(context, workTree)
    if (workTree !== undefined) await removeExcludeLines(workTree.commonDir, lines)
    if (lines.length === 0) return { done: true, message: `${path} has no needless line now.` }
    const count = lines.length === 1 ? '1 needless line' : `${lines.length} needless lines`
    return { done: true, message: `Took ${count} out of ${path}.` }
  },
}

/** Lines of this software in `info/exclude` that hide a record that need not be hidden. */
export const needlessExcludeLine: Check = { id: 'needless-exclude-line', run, fix }
