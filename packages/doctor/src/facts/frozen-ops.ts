import type { OpId } from '@kitty/record'
import { hasClosures, readRecord } from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import type { NextStep } from '../check/next-step.js'
import { comingOps } from './coming-ops.js'
import { headOf, placesInHead } from './head.js'
import type { OpenOp } from './open-ops.js'

/** What a finding says about a frozen Op. */
export const FROZEN =
  'HEAD holds its record. In a project with a kitty-ops/op-closures.jsonl, the Python spec-kitty closes such an Op in that file, and leaves its record unchanged.'

export const CLOSE_FROZEN: NextStep = { verb: 'upstream-close-stale' }

/**
 * Returns a test for open Ops that no sweep of ours closes: HEAD holds their record, and the project has
 * `op-closures.jsonl`, so that another program closes them there. Keeps all if git cannot read HEAD.
 */
export const frozenTest = async (
  context: CheckContext,
  open: readonly OpenOp[],
): Promise<(op: OpenOp) => boolean> => {
  if (open.length === 0 || !hasClosures(context.ops.root)) return () => false
  const head = await headOf(context).catch(() => undefined)
  return ({ id }) => head === undefined || placesInHead(head, id).length > 0
}

const CONCURRENCY = 32

/** The Ops among these whose records git is bringing from another branch. */
const comingAmong = async (
  { ops }: CheckContext,
  ids: readonly OpId[],
): Promise<ReadonlySet<OpId>> => {
  const records = await mapConcurrent(ids, CONCURRENCY, async (id) => {
    const file = await readRecord(ops.root, id)
    return file === undefined ? [] : [{ id, bytes: file.bytes }]
  })
  return comingOps(ops.root, records.flat())
}

/**
 * Returns a test for open Ops that another clone opened: HEAD holds their record, or git is bringing it, and this clone
 * has no start note. Only their own clone knows whether they are at work. If git cannot read HEAD, every Op without a
 * note counts.
 */
export const pulledTest = async (
  context: CheckContext,
  open: readonly OpenOp[],
): Promise<(op: OpenOp) => boolean> => {
  const ids = open.flatMap(({ id, isNoted }) => (isNoted ? [] : [id]))
  if (ids.length === 0) return () => false
  try {
    const head = await headOf(context)
    const isHeld = (id: OpId): boolean => head !== undefined && placesInHead(head, id).length > 0
    const coming = await comingAmong(
      context,
      ids.filter((id) => !isHeld(id)),
    )
    return ({ id, isNoted }) => !isNoted && (isHeld(id) || coming.has(id))
  } catch {
    return ({ isNoted }) => !isNoted
  }
}
