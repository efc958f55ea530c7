import { type Ledger, type LedgerCopy, readBlobs, readLedgers } from '@kitty/git-commit/inspect'
import { type OpId, parseOpRecord } from '@kitty/record'
import { readRecord } from '@kitty/writer/internals'
import {
  type Check,
  type CheckContext,
  defineCheck,
  defineFact,
  type Finding,
} from '../check/check.js'
import { grewByLinks } from '../check/legacy-links.js'
import { isMigration } from '../check/migration.js'
import type { NextStep } from '../check/next-step.js'
import { headOf, placesInHead } from '../facts/head.js'
import { ledgerRecords, ledgersOf } from '../facts/own-ledger.js'
import { visitWith } from '../facts/record-pass.js'

/** A closed version of an Op's record, and the place that has it. */
type ClosedVersion = {
  readonly place: string
  readonly bytes: Buffer
  readonly next: readonly NextStep[]
}

/** A ledger takes no larger record from another one. */
const MAX_BYTES = 8 * 2 ** 20

/** How many Ops have a finding of their own. */
const MAX_SINGLE = 10

const isClosed = (id: OpId, bytes: Buffer): boolean => {
  if (bytes.length > MAX_BYTES) return false
  const { status, started } = parseOpRecord(bytes, { opId: id })
  return status === 'closed' && started?.invocation_id === id
}

/** The records on disk that a ledger has with other bytes. */
const differingOnDisk = defineFact({
  visit: visitWith(ledgerRecords, (found, ledgers): OpId | undefined => {
    if (!found.ok || !(found.isSound || found.record.status === 'closed')) return undefined
    const differs = ledgers.some(({ records }) => {
      const blob = records.get(found.id)
      return blob !== undefined && !found.hasBlob(blob)
    })
    return differs ? found.id : undefined
  }),
  value: (ids: readonly OpId[]) => ids,
})

/** The records in a ledger that HEAD, or a ledger before it, has with other bytes. */
const differingInGit = async (context: CheckContext): Promise<readonly OpId[]> => {
  const ledgers = await ledgerRecords(context)
  const head = ledgers.length === 0 ? undefined : await headOf(context)
  const [known, found] = [new Map<OpId, string>(), new Set<OpId>()]
  for (const { records } of ledgers) {
    for (const [id, blob] of records) {
      const first = known.get(id)
      const inHead = head === undefined ? [] : placesInHead(head, id)
      if (first === undefined) known.set(id, blob)
      else if (first !== blob) found.add(id)
      if (inHead.some((place) => place.blob !== blob)) found.add(id)
    }
  }
  return [...found]
}

const onDisk = async ({ ops }: CheckContext, id: OpId): Promise<readonly ClosedVersion[]> => {
  const file = await readRecord(ops.root, id).catch(() => undefined)
  return file === undefined
    ? []
    : [{ place: `on disk (${file.path})`, bytes: file.bytes, next: [] }]
}

const inHead = async (context: CheckContext, id: OpId): Promise<readonly ClosedVersion[]> => {
  const places = placesInHead((await headOf(context)) ?? new Map(), id)
  const blobs = await readBlobs(
    context.ops.root,
    places.map(({ blob }) => blob),
  ).catch(() => new Map<string, Buffer>())
  return places.flatMap(({ path, blob }) => {
    const bytes = blobs.get(blob)
    if (bytes === undefined) return []
    return [{ place: `in HEAD (${path})`, bytes, next: [{ verb: 'git-show', sha: 'HEAD', path }] }]
  })
}

const placeOf = ({ ref, remote }: Ledger): string =>
  remote === undefined ? `in the ledger ${ref}` : `in a ledger from ${remote} (${ref})`

const fromCopy = ({ ledger, path, bytes }: LedgerCopy): ClosedVersion => ({
  place: placeOf(ledger),
  bytes,
  next: [{ verb: 'git-show-object', sha: `${ledger.ref}:${path}` }],
})

/** Links were added to an older closed record, or it was migrated: both say the same about the Op. */
const isSame = (a: Buffer, b: Buffer): boolean =>
  a.equals(b) || grewByLinks(a, b) || grewByLinks(b, a) || isMigration(a, b) || isMigration(b, a)

/** The first of each content, of those that are closed. */
const distinct = (id: OpId, versions: readonly ClosedVersion[]): readonly ClosedVersion[] => {
  const different: ClosedVersion[] = []
  for (const version of versions) {
    if (!isClosed(id, version.bytes)) continue
    if (!different.some(({ bytes }) => isSame(bytes, version.bytes))) different.push(version)
  }
  return different
}

/** One version of each content, in the order in which an Op is read: disk, HEAD, own ledger, fetched ones. */
const versionsOf = async (
  context: CheckContext,
  id: OpId,
  copies: readonly LedgerCopy[],
): Promise<readonly ClosedVersion[]> => {
  const head = await inHead(context, id)
  const inGit = distinct(id, [...head, ...copies.map(fromCopy)])
  // Only the disk differs from HEAD: `changed-after-close` reports that.
  if (head.length > 0 && inGit.length === 1) return inGit
  return distinct(id, [...(await onDisk(context, id)), ...inGit])
}

const MEANING =
  'The first of these is shown. Compare them: only a person can know which one is true.'

const findingOf = (id: OpId, versions: readonly ClosedVersion[]): Finding => ({
  id: ledgerConflict.id,
  severity: 'error',
  invocation_id: id,
  message: `The Op is closed with different content ${versions.map(({ place }) => place).join(', and ')}. ${MEANING}`,
  fixable: false,
  next: versions.flatMap(({ next }) => next),
})

const restOf = (ids: readonly OpId[]): readonly Finding[] => {
  const [first] = ids
  if (first === undefined) return []
  const message = `${ids.length} more Ops are closed with different content on disk, in HEAD or in ledgers.`
  const base = { id: ledgerConflict.id, severity: 'error', fixable: false } as const
  return [{ ...base, invocation_ids: ids, message, next: [] }]
}

/** Ops that were closed twice with different content, or damaged. A person must find out which is true. */
export const ledgerConflict: Check = defineCheck({
  id: 'ledger-conflict',
  needs: { differing: differingOnDisk },
  run: async (context, { differing }) => {
    const ids = new Set([...(await differing()), ...(await differingInGit(context))])
    if (ids.size === 0) return []
    const ledgers = await ledgersOf(context)
    const { copies } = await readLedgers(context.ops.root, ledgers, { ids: [...ids] })
    const found: (readonly [OpId, readonly ClosedVersion[]])[] = []
    for (const id of [...ids].sort()) {
      const versions = await versionsOf(context, id, copies.get(id) ?? [])
      if (versions.length > 1) found.push([id, versions])
    }
    const single = found.slice(0, MAX_SINGLE).map(([id, versions]) => findingOf(id, versions))
    return [...single, ...restOf(found.slice(MAX_SINGLE).map(([id]) => id))]
  },
})
