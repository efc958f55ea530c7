import type { OpId } from '@kitty/record'
import { hasClosures } from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'
import type { NextStep } from '../check/next-step.js'
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

/**
 * Returns a test for open Ops that another clone opened: HEAD holds their record, and this clone has no start note. Only
 * their own clone knows whether they are at work. If git cannot read HEAD, every Op without a note counts.
 */
export const pulledTest = async (
  context: CheckContext,
  open: readonly OpenOp[],
): Promise<(op: OpenOp) => boolean> => {
  if (open.every(({ isNoted }) => isNoted)) return () => false
  const isHeld = await headOf(context).then(
    (head) => (id: OpId) => head !== undefined && placesInHead(head, id).length > 0,
    () => () => true,
  )
  return ({ id, isNoted }) => !isNoted && isHeld(id)
}
