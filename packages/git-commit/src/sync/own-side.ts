// What this clone has to publish. Its own ledger gets a new writer if another clone writes under the old one: the
// server's ref of that name is not part of the history here, because this clone, or the other one, is a copy.

import { KittyError } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'
import { findWorkTree } from '@kitty/writer/internals'
import { failureMessage } from '../git/failures.js'
import { restoreBrokenRef } from '../ledger/broken-ref.js'
import { coveringSettings } from '../ledger/covering-refspecs.js'
import { ledgerRefOf } from '../ledger/layout.js'
import type { OpenLedger } from '../ledger/ledger-place.js'
import { finishWriterMove, moveToNewWriter } from '../ledger/move-writer.js'
import {
  isOutdated,
  openLedger,
  resolveLedgerOptions,
  withLedgerLock,
} from '../ledger/open-ledger.js'
import { type OwnLedger, readOwnLedger } from '../ledger/own-ledger.js'
import { commitsHere, isContained } from './history.js'
import type { LocalLedgers, Tips } from './server-ledgers.js'
import type { SyncPlace } from './sync-place.js'
import type { RenamedWriter, SkippedLedger } from './sync-result.js'

/** A ledger to publish. */
export type ToPush = { readonly writer: string; readonly tip: string }

export type OwnSide = {
  readonly toPush: readonly ToPush[]
  readonly skipped: readonly SkippedLedger[]
  readonly newWriter?: RenamedWriter
}

/** The ledgers of the server, and those in this clone before the fetch. */
export type Known = { readonly server: Tips; readonly local: LocalLedgers }

const lockMs = ({ options }: SyncPlace): number => options.lockTimeoutMs ?? 10_000

const rewound = ({ ref, rewoundFrom = '' }: OwnLedger): SkippedLedger => ({
  ref,
  reason: 'rewound',
  message: `The ledger of this clone no longer contains ${rewoundFrom.slice(0, 10)}, which it had: it was moved back or removed. It was not pushed.`,
  hint: 'Find out why, and decide, with the check ledger-rewound of the doctor. Then sync again.',
})

const broken = ({ ref }: OwnLedger): SkippedLedger => ({
  ref,
  reason: 'damaged',
  message: 'The file of the ref of this clone is damaged, so its ledger was not pushed.',
  hint: 'Close an Op, or let the doctor fix it. Then sync again.',
})

const notOwn = (ref: string): SkippedLedger => ({
  ref,
  reason: 'not-own',
  message: `${ref} is not the ledger of this clone, and the server has a different history of it. It was not pushed.`,
  hint: 'Compare both. If you do not need the one here: git update-ref -d REF',
})

const cannotRename = (result: CommitResult): KittyError =>
  new KittyError('LOCK_TIMEOUT', `The ledger could not get a new name: ${failureMessage(result)}`, {
    hint: 'Try again in a moment.',
  })

/** Whether this clone has what the server has of a ledger. */
const hasAllOf = async (
  { cwd }: SyncPlace,
  published: string | undefined,
  tip: string,
): Promise<boolean> => {
  if (published === undefined || published === tip) return true
  const isHere = (await commitsHere(cwd, [published])).has(published)
  return isHere && isContained(cwd, published, tip)
}

type Settled = { readonly toPush?: ToPush; readonly newWriter?: RenamedWriter }

/** Under the lock of the ledger: checks again, and moves to a new writer. */
const moveIfCopied = async (
  place: SyncPlace,
  ledger: OpenLedger,
  server: Tips,
): Promise<Settled | 'outdated'> => {
  if (isOutdated(ledger)) return 'outdated'
  const own = await readOwnLedger(place.root)
  if (own?.tip === undefined || own.tip === '') return 'outdated'
  const { writer, tip } = own
  if (await hasAllOf(place, server.get(writer), tip)) return { toPush: { writer, tip } }
  const moved = await moveToNewWriter(ledger, tip)
  if (!moved.ok) throw cannotRename(moved.result)
  const to = moved.value.to.slice(ledgerRefOf('').length)
  return { toPush: { writer: to, tip }, newWriter: { from: writer, to } }
}

const settle = async (place: SyncPlace, own: OwnLedger, server: Tips): Promise<Settled> => {
  const { writer, tip = '' } = own
  const isOwnAlone = await hasAllOf(place, server.get(writer), tip)
  if (isOwnAlone) return { toPush: { writer, tip } }
  // What the name would be is not known before it is taken.
  if (place.options.dryRun) return { toPush: { writer, tip }, newWriter: { from: writer, to: '' } }
  const options = resolveLedgerOptions({ lockTimeoutMs: lockMs(place) })
  const ledger = await openLedger(place.root, options)
  if (!ledger.ok) throw cannotRename(ledger.result)
  const done = await withLedgerLock(ledger.value, options, () =>
    moveIfCopied(place, ledger.value, server),
  )
  if (done === undefined) {
    throw new KittyError(
      'LOCK_TIMEOUT',
      'Another process has been changing the ledger for too long.',
      {
        hint: 'Try again in a moment.',
      },
    )
  }
  return done === 'outdated' ? {} : done
}

/** Ledgers here that are of another writer: of this clone before its writer was lost, unless a fetch brings such refs. */
const formerLedgers = async (
  place: SyncPlace,
  own: OwnLedger | undefined,
  { server, local }: Known,
): Promise<OwnSide> => {
  const [toPush, skipped]: [ToPush[], SkippedLedger[]] = [[], []]
  for (const [writer, tip] of local.own) {
    const published = server.get(writer)
    if (writer === own?.writer || published === tip) continue
    const ref = ledgerRefOf(writer)
    const covering = await coveringSettings(place.root, ref)
    if (place.workTree === undefined || covering.some(({ kind }) => kind === 'fetch')) continue
    if (await hasAllOf(place, published, tip)) toPush.push({ writer, tip })
    else skipped.push(notOwn(ref))
  }
  return { toPush, skipped }
}

/** Restores the file of the ref, as the next Op would: with a broken ref, git fetches nothing. */
const restoreRef = async (place: SyncPlace): Promise<void> => {
  const options = resolveLedgerOptions({ lockTimeoutMs: lockMs(place) })
  const ledger = await openLedger(place.root, options)
  if (ledger.ok) {
    await withLedgerLock(ledger.value, options, () => restoreBrokenRef(ledger.value))
  }
}

/** The ledger of this clone, after what a crash left of it was put right: a half-done move, a broken ref. */
export const ownLedgerOf = async (place: SyncPlace): Promise<OwnLedger | undefined> => {
  const tree = await findWorkTree(place.root)
  if (tree === undefined) return undefined
  if (place.options.dryRun) return readOwnLedger(place.root)
  await finishWriterMove(tree, lockMs(place))
  const own = await readOwnLedger(place.root)
  if (own?.tip !== '') return own
  await restoreRef(place)
  return readOwnLedger(place.root)
}

/** Finds what to publish, and takes a new writer if that is needed. Throws KittyError `LOCK_TIMEOUT`, `GIT_FAILED`. */
export const settleOwnSide = async (
  place: SyncPlace,
  own: OwnLedger | undefined,
  known: Known,
): Promise<OwnSide> => {
  const others = await formerLedgers(place, own, known)
  if (own?.rewoundFrom !== undefined) {
    return { ...others, skipped: [...others.skipped, rewound(own)] }
  }
  if (own?.tip === undefined) return others
  if (own.tip === '') return { ...others, skipped: [...others.skipped, broken(own)] }
  const { toPush, newWriter } = await settle(place, own, known.server)
  return {
    toPush: toPush === undefined ? others.toPush : [toPush, ...others.toPush],
    skipped: others.skipped,
    ...(newWriter && { newWriter }),
  }
}
