import { KittyError, type OpEvent, outcomeOf, type UsageEvent } from '@kitty/record'
import { readEvidence } from '../content/evidence-file.js'
import { isUrl } from '../content/reference.js'
import { readRegular } from '../fs/regular-file.js'
import { evidenceFolder, toAbsolute } from '../project/paths.js'
import type { ClosedOpFile } from '../records/record-file.js'
import type { Closing } from './closing.js'
import { closingEvents } from './closing-lines.js'
import type { StoreContext } from './context.js'

const USED = ['model', 'input_tokens', 'output_tokens', 'cost_usd', 'duration_ms'] as const

const sameUsage = (one: UsageEvent, other: UsageEvent): boolean =>
  USED.every((field) => one[field] === other[field])

const sameLink = (one: OpEvent, other: OpEvent): boolean => {
  if (one.event === 'artifact_link') {
    return other.event === 'artifact_link' && one.kind === other.kind && one.ref === other.ref
  }
  if (one.event === 'commit_link') return other.event === 'commit_link' && one.sha === other.sha
  if (one.event === 'usage') return other.event === 'usage' && sameUsage(one, other)
  return one.event === 'note' && other.event === 'note' && one.text === other.text
}

const hasEvidence = async (
  { root }: StoreContext,
  { record }: ClosedOpFile,
  evidence: Closing['evidence'],
): Promise<boolean> => {
  const ref = record.completed.evidence_ref
  if (evidence === undefined) return true
  if (typeof evidence === 'string' && isUrl(evidence)) return evidence === ref
  const { name, bytes } = await readEvidence(root, evidence)
  if (ref !== `${evidenceFolder(record.invocation_id)}/${name}`) return false
  return (await readRegular(toAbsolute(root, ref)))?.equals(bytes) === true
}

/**
 * Whether a close adds nothing to the closed record: it has the same outcome, and no evidence, link, usage or reason that
 * the record lacks. Such a close is a repeated call, for example after a lost answer.
 */
export const isRepeatedClose = async (
  ctx: StoreContext,
  file: ClosedOpFile,
  closing: Closing,
): Promise<boolean> => {
  const { started, events } = file.record
  if (started === undefined || outcomeOf(file.record) !== closing.outcome) return false
  try {
    const requested = await closingEvents(ctx, started, closing, started.started_at)
    const isRecorded = requested.events.every((event) =>
      events.some((recorded) => sameLink(event, recorded)),
    )
    return isRecorded && (await hasEvidence(ctx, file, closing.evidence))
  } catch (error) {
    // The record cannot have been closed with invalid values.
    if (error instanceof KittyError) return false
    throw error
  }
}
