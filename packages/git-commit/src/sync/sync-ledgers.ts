// Publishes the ledger of this clone on a remote, and collects those of other clones. Only what is asked for travels:
//
//   1  ask the server for its ledgers                                        server-ledgers.ts
//   2  fetch those that this clone has not, each into a ref of its own       fetch-ledgers.ts
//   3  find what to publish; a copied clone takes a new writer               own-side.ts
//   4  push what no ledger of the server reaches                             push-history.ts
//
// With nothing new, step 1 is all that talks to the server. If others change the server between 1 and 4, all steps are
// done again. Nothing is forced and nothing is removed, here or there; no branch, tag, index or work tree changes.
//
// A crash after 2 leaves fetched ledgers, one in 3 is finished by the next process that opens the ledger, and after a
// crash in 4 the next sync finds out what the server has.

import type { OwnLedger } from '../ledger/own-ledger.js'
import { type Fetched, fetchLedgers, toFetch } from './fetch-ledgers.js'
import { commitsHere, isContained, unpublishedIn } from './history.js'
import { countRecords, findNewRecords } from './new-records.js'
import { type Known, type OwnSide, ownLedgerOf, settleOwnSide, type ToPush } from './own-side.js'
import { type PushedHistory, pushHistory } from './push-history.js'
import { listLocal, listServer, serverRefOf, type Tips, tipOf } from './server-ledgers.js'
import { skippedPush } from './skipped-push.js'
import { openSync, type SyncPlace } from './sync-place.js'
import type { SkippedLedger, SyncedLedger, SyncOptions, SyncResult } from './sync-result.js'

/** How often all steps are done if others change the server meanwhile. */
const MAX_ROUNDS = 4

/**
 * The ledgers to fetch: not those of which this clone has as much under its own name, and not its own as it was before
 * somebody moved it back, perhaps to erase a record.
 */
const missingHere = async (
  place: SyncPlace,
  { server, local }: Known,
  mine: OwnLedger | undefined,
): Promise<readonly string[]> => {
  const { own } = local
  const rewound = mine?.rewoundFrom === undefined ? undefined : mine.writer
  const writers = toFetch(server, local).filter((each) => each !== rewound)
  const inBoth = writers.filter((writer) => own.has(writer))
  const here = await commitsHere(
    place.cwd,
    inBoth.map((writer) => tipOf(server, writer)),
  )
  const known = new Set<string>()
  for (const writer of inBoth) {
    const [tip, ownTip] = [tipOf(server, writer), tipOf(own, writer)]
    if (here.has(tip) && (await isContained(place.cwd, tip, ownTip))) known.add(writer)
  }
  return writers.filter((writer) => !known.has(writer))
}

/** Counts what came. Only records that are what their path says count. */
const countFetched = async (
  { cwd }: SyncPlace,
  { moved }: Fetched,
): Promise<readonly SyncedLedger[]> => {
  if (moved.size === 0) return []
  const grown = [...moved].map(([writer, tips]) => ({ writer, ...tips }))
  const counts = await countRecords(cwd, await findNewRecords(cwd, grown))
  return [...counts].map(([writer, { ops, foreign }]) => ({ writer, ops, foreign }))
}

type Sent = {
  readonly pushed: readonly SyncedLedger[]
  readonly skipped: readonly SkippedLedger[]
  readonly isRace: boolean
}

const countPushed = async (
  { cwd }: SyncPlace,
  writer: string,
  from: string | undefined,
  to: string,
): Promise<SyncedLedger> => {
  const found = await findNewRecords(cwd, [{ writer, from, to }])
  return { writer, ops: found.get(writer)?.records.size ?? 0, foreign: 0 }
}

const DONE: PushedHistory['result'] = { kind: 'done' }

/** Publishes one ledger. */
const send = async (place: SyncPlace, { writer, tip }: ToPush, server: Tips): Promise<Sent> => {
  const missing = await unpublishedIn(place.cwd, tip, server.values())
  if (missing.commits.length === 0) return { pushed: [], skipped: [], isRace: false }
  const ref = serverRefOf(writer)
  const dry = { upTo: tip, result: DONE, refusedOps: [], isFirst: false }
  const sent = place.options.dryRun ? dry : await pushHistory(place, ref, missing)
  const { upTo, result } = sent
  const pushed = upTo === undefined ? [] : [await countPushed(place, writer, missing.base, upTo)]
  const skipped = skippedPush(ref, sent)
  return { pushed, skipped, isRace: result.kind === 'lost-race' }
}

const sendAll = async (place: SyncPlace, own: OwnSide, server: Tips): Promise<Sent> => {
  const [pushed, skipped]: [SyncedLedger[], SkippedLedger[]] = [[], [...own.skipped]]
  let isRace = false
  for (const each of own.toPush) {
    const sent = await send(place, each, server)
    pushed.push(...sent.pushed)
    skipped.push(...sent.skipped)
    isRace ||= sent.isRace
  }
  return { pushed, skipped, isRace }
}

/** Whether the server and this clone have the same, so that nothing is left to do. */
const isSame = ({ server, local }: Known, own: OwnLedger | undefined): boolean => {
  const isPublished = [...local.own].every(([writer, tip]) => server.get(writer) === tip)
  return isPublished && own?.rewoundFrom === undefined && own?.tip !== ''
}

type Round = Omit<SyncResult, 'remote'> & { readonly isRace: boolean }

const NOTHING: Round = { pushed: [], fetched: [], skipped: [], isRace: false }

const wouldFetch = (writers: readonly string[]): readonly SyncedLedger[] =>
  writers.map((writer) => ({ writer, ops: undefined, foreign: 0 }))

/** All steps, once. */
const oneRound = async (place: SyncPlace): Promise<Round> => {
  const server = await listServer(place)
  const mine = await ownLedgerOf(place)
  const known = { server, local: await listLocal(place) }
  const writers = await missingHere(place, known, mine)
  if (writers.length === 0 && isSame(known, mine)) return NOTHING
  const { dryRun } = place.options
  const before = known.local.fetched
  const fetched = dryRun ? undefined : await fetchLedgers(place, { server, before, writers })
  const came = fetched === undefined ? wouldFetch(writers) : await countFetched(place, fetched)
  const own = await settleOwnSide(place, mine, known)
  const sent = await sendAll(place, own, server)
  return {
    pushed: sent.pushed,
    fetched: came,
    skipped: [...(fetched?.skipped ?? []), ...sent.skipped],
    ...(own.newWriter && { newWriter: own.newWriter }),
    isRace: sent.isRace,
  }
}

/** Adds the counts of a later round. */
const joined = (
  a: readonly SyncedLedger[],
  b: readonly SyncedLedger[],
): readonly SyncedLedger[] => {
  const sums = new Map(a.map((each) => [each.writer, each]))
  for (const each of b) {
    const known = sums.get(each.writer)
    const ops = known === undefined ? each.ops : (known.ops ?? 0) + (each.ops ?? 0)
    sums.set(each.writer, { ...each, ops, foreign: (known?.foreign ?? 0) + each.foreign })
  }
  return [...sums.values()]
}

/**
 * Syncs the ledgers of a repository with a remote: publishes that of this clone, and fetches those of others into
 * `refs/kitty/remotes/<remote>/<writer>`. Runs no hook of this clone, and changes nothing else.
 *
 * @throws KittyError `NO_REPOSITORY`, `REMOTE_UNKNOWN`, `SYNC_OFFLINE`, `SYNC_NO_ACCESS`, `SYNC_BROKEN_OFF`,
 *   `SYNC_INTERRUPTED`, `SYNC_TIMED_OUT`, `LOCK_TIMEOUT`, `UNSAFE_DIRECTORY`, `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const syncLedgers = async (root: string, options: SyncOptions): Promise<SyncResult> => {
  const place = await openSync(root, options)
  let sum: Round = NOTHING
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const done = await oneRound(place)
    const newWriter = done.newWriter ?? sum.newWriter
    sum = {
      pushed: joined(sum.pushed, done.pushed),
      fetched: joined(sum.fetched, done.fetched),
      skipped: done.skipped,
      ...(newWriter && { newWriter }),
      isRace: done.isRace,
    }
    if (!done.isRace) break
  }
  const { isRace: _, ...result } = sum
  return { remote: options.remote, ...result }
}
