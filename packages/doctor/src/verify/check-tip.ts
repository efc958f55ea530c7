import { blobsOf, type HistoryRange } from '@kitty/git-commit/inspect'
import { type OpId, parseOpRecord } from '@kitty/record'
import { OPS_DIR } from '@kitty/writer/internals'
import type { Finding } from '../check/check.js'
import type { NextStep } from '../check/next-step.js'
import { type StepKind, stepOf } from '../check/record-step.js'
import { singleLine } from '../check/wording.js'
import { inRoot, note, shortId, violation } from './finding.js'
import type { ClosingCommit } from './first-closed.js'
import { looksLikeRecord, opAt } from './record-path.js'
import { type RecordSteps, reachableFrom } from './record-steps.js'
import { type Version, type VersionsByBlob, versionFor } from './versions.js'

/** A record as the tip has it. */
export type AtTip = {
  readonly path: string
  readonly mode: string
  readonly blob: string
}

const LINK = '120000'

/** How to get the record back: its first closed version, or if there is none, the list of its versions. */
const wayBack = (
  place: HistoryRange,
  path: string,
  first: ClosingCommit | undefined,
): readonly NextStep[] => {
  const below = inRoot(place, path)
  if (first === undefined) return [{ verb: 'git-log', path: below }]
  return [
    { verb: 'git-stage-blob', sha: first.blob, path },
    { verb: 'git-checkout-index', path: below },
    { verb: 'git-commit', path: below },
  ]
}

const invalid = ({ error }: Version): string =>
  `The record is damaged: ${singleLine(error ?? 'it contains no Op')}.`

// What a crash garbled before the Op was closed stays so: a closed record never changes.
const toleratedDamage = ({ error = '' }: Version): string =>
  `Part of the record cannot be read, after a crash: ${singleLine(error)}. The Op is closed, and its outcome is known.`

/** The records at the tip: their versions, and the Ops that have one at its own path. */
type RecordsAtTip = { readonly versions: VersionsByBlob; readonly present: ReadonlySet<OpId> }

const misnamed = (
  place: HistoryRange,
  path: string,
  { id }: Version,
  { present }: RecordsAtTip,
): Finding => {
  const message =
    'The file contains the record of an Op, but its path is wrong: a record is named after its id, in the folder of records or in its month of the archive.'
  const from = inRoot(place, path)
  if (id === undefined)
    return violation('misnamed', message, { path }, [{ verb: 'validate', path: from }])
  // A copy: the record is at its own path, too.
  if (present.has(id)) {
    const steps = ['git-remove', 'git-commit'] as const
    return violation(
      'misnamed',
      message,
      { path },
      steps.map((verb) => ({ verb, path: from })),
    )
  }
  const to = `${OPS_DIR}/${id}.jsonl`
  return violation('misnamed', message, { path }, [
    { verb: 'git-move', path: from, to },
    { verb: 'git-commit', path: from, to },
  ])
}

/** Checks whether the record is valid by itself and at its path. `first` is its first closed version, if any. */
export const checkTipRecord = (
  place: HistoryRange,
  { path, mode, blob }: AtTip,
  records: RecordsAtTip,
  first: ClosingCommit | undefined,
): Finding | undefined => {
  if (!looksLikeRecord(path)) return undefined
  const { versions } = records
  const id = opAt(place, path)
  if (id === undefined) {
    const other = versions.get(blob)
    return other?.isRecord === true ? misnamed(place, path, other, records) : undefined
  }
  const details = { invocation_id: id, path }
  if (mode === LINK) {
    const message = 'There is a symbolic link at the path of a record.'
    return violation('invalid-record', message, details, wayBack(place, path, first))
  }
  const version = versionFor(versions, id, blob)
  if (version === undefined) return undefined
  if (version.isScarred) return note('scarred-record', toleratedDamage(version), details)
  if (version.error === undefined && version.status !== 'unreadable') return undefined
  const validate: NextStep = { verb: 'validate', path: inRoot(place, path) }
  // The first closed version can be the damaged one, for example in a shallow clone.
  const better = first?.blob === blob ? undefined : first
  const next = [validate, ...wayBack(place, path, better)]
  return violation('invalid-record', invalid(version), details, next)
}

/** The last version of a record that came from its first closed version without damage. */
export const lastKept = (first: ClosingCommit, steps: Pick<RecordSteps, 'from'>): ClosingCommit => {
  const blob = [...reachableFrom(steps, first.blob).keys()].at(-1)
  return blob === undefined ? first : { ...first, blob }
}

/** How a record came from its first closed version; `undefined` if that is damage. */
const changeOf = async (
  place: HistoryRange,
  blob: string,
  first: ClosingCommit,
  steps: Pick<RecordSteps, 'from'>,
): Promise<StepKind | 'completion' | undefined> => {
  const kind = reachableFrom(steps, first.blob).get(blob)
  if (kind !== undefined) return kind
  const bytes = new Map<string, Buffer>()
  for await (const each of blobsOf(place, [first.blob, blob])) bytes.set(each.id, each.bytes)
  const [before, now] = [bytes.get(first.blob), bytes.get(blob)]
  if (before === undefined || now === undefined) return undefined
  if (first.isBeside) return isCompletionOf(before, now) ? 'completion' : undefined
  return stepOf(before, now)
}

/** Whether a record is another one with its own completion, which counts more than one beside it. */
const isCompletionOf = (before: Buffer, now: Buffer): boolean =>
  now.subarray(0, before.length).equals(before) && parseOpRecord(now).status === 'closed'

/** Compares a record at the tip with its first closed version. */
export const checkTipChange = async (
  place: HistoryRange,
  { path, blob }: AtTip,
  first: ClosingCommit,
  steps: Pick<RecordSteps, 'from'>,
): Promise<Finding | undefined> => {
  const id = opAt(place, path)
  if (blob === first.blob || id === undefined) return undefined
  const details = { invocation_id: id, path }
  const change = await changeOf(place, blob, first, steps)
  if (change === 'links') {
    return note('links-after-completion', 'Links were added after its legacy completion.', details)
  }
  // The note on the commit that migrated it says so.
  if (change !== undefined) return undefined
  const message = 'The record was changed after it was closed; a closed record must not change.'
  const kept = lastKept(first, steps)
  const diff: NextStep = { verb: 'git-diff-blobs', sha: shortId(kept.blob), to: shortId(blob) }
  const next = [diff, ...wayBack(place, path, kept)]
  return violation('changed-after-close', message, details, next)
}
