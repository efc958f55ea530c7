import { isEvent, KittyError, type OpEvent, outcomeOf } from '@kitty/record'
import { readEvidence } from '../content/evidence-file.js'
import { isUrl } from '../content/reference.js'
import { readRegular } from '../fs/regular-file.js'
import { evidenceFolder, toAbsolute } from '../project/paths.js'
import type { OpFile } from '../records/record-file.js'
import type { Closing } from './closing.js'
import { closingEvents } from './closing-lines.js'
import type { StoreContext } from './context.js'

const sameLink = (one: OpEvent, other: OpEvent): boolean => {
  if (isEvent(one, 'artifact_link')) {
    return isEvent(other, 'artifact_link') && one.kind === other.kind && one.ref === other.ref
  }
  if (isEvent(one, 'commit_link')) return isEvent(other, 'commit_link') && one.sha === other.sha
  return isEvent(one, 'note') && isEvent(other, 'note') && one.text === other.text
}

const hasEvidence = async (
  { root }: StoreContext,
  { record }: OpFile,
  evidence: string | undefined,
): Promise<boolean> => {
  const ref = record.completed?.evidence_ref
  if (evidence === undefined || isUrl(evidence)) return evidence === undefined || evidence === ref
  const { name, bytes } = await readEvidence(root, evidence)
  if (ref !== `${evidenceFolder(record.invocation_id ?? '')}/${name}`) return false
  return (await readRegular(toAbsolute(root, ref)))?.equals(bytes) === true
}

/**
 * Whether a close asks for nothing that the closed record does not hold already: the same outcome, and no
 * evidence, link or reason that is not in it. That is a call whose answer was lost.
 */
export const isRepeatedClose = async (
  ctx: StoreContext,
  file: OpFile,
  closing: Closing,
): Promise<boolean> => {
  const { started, events } = file.record
  if (started === undefined || outcomeOf(file.record) !== closing.outcome) return false
  try {
    const asked = await closingEvents(ctx, started, closing, started.started_at)
    const isHeld = asked.events.every((event) => events.some((held) => sameLink(event, held)))
    return isHeld && (await hasEvidence(ctx, file, closing.evidence))
  } catch (error) {
    // What could not have been closed with was not what closed it.
    if (error instanceof KittyError) return false
    throw error
  }
}
