import type { CommitResult } from '@kitty/writer'
import { failureFromGit } from '../git/failures.js'
import { ok, type Result, stop } from '../git/result.js'
import { runGit } from '../git/run-git.js'
import { type GitObject, gitObject } from '../objects/object.js'
import { storeObjects } from '../objects/store.js'
import { fsyncSettings, hooksOff } from '../repository/config.js'
import { readRefTip } from '../repository/head.js'
import { additionOf } from './addition.js'
import { isBrokenRef, restoreBrokenRef } from './broken-ref.js'
import type { OpenLedger } from './ledger-place.js'
import { type LedgerTip, readRepaired } from './ledger-tip.js'
import {
  type LedgerOptions,
  lockTimeout,
  openLedger,
  type ResolvedLedgerOptions,
  resolveLedgerOptions,
  withLedgerLock,
} from './open-ledger.js'
import { closedSince, isWhole } from './repair-ledger.js'
import { addToRef, noteAdded } from './write-commit.js'

/** How a ledger was repaired. */
export type LedgerRepair = {
  readonly ref: string
  readonly from: string
  /** Where the ref is now: `from` if the missing files, or that of the ref, were written again; `undefined` if nothing could be kept. */
  readonly to: string | undefined
  /** How many Ops were added again. */
  readonly restored: number
}

/** As many as are stored in files of their own, which replace damaged ones. */
const CHUNK = 100

/** Writes the files of closed Ops again that git lacks. A record that the ledger had is then there, with the same id. */
const writeLostFiles = async (place: OpenLedger): Promise<void> => {
  const { root, workTree, repoConfig } = place
  const config = [...fsyncSettings(), ...hooksOff(repoConfig)]
  const ops = await closedSince(place, Number.NEGATIVE_INFINITY)
  const files: GitObject[] = []
  for (const op of ops) {
    const { changes } = await additionOf(root, op, Number.POSITIVE_INFINITY)
    for (const each of changes) {
      if (each.kind === 'write') files.push(gitObject('blob', each.bytes, repoConfig.objectFormat))
    }
  }
  const input = files.map(({ id }) => `${id}\n`).join('')
  const answer = await runGit(workTree.top, ['cat-file', '--batch-check'], { input })
  const missing = new Set(answer.stdout.toString().match(/^[0-9a-f]+(?= missing$)/gm))
  const lost = files.filter(({ id }) => missing.has(id))
  for (let at = 0; at < lost.length; at += CHUNK) {
    await storeObjects(workTree, lost.slice(at, at + CHUNK), { durability: 'power', config })
  }
}

/** Moves the ref to a commit that it had before, or removes it. */
const moveBack = async (
  { workTree, repoConfig, ref }: OpenLedger,
  { now, base }: LedgerTip,
): Promise<CommitResult | undefined> => {
  const config = [...fsyncSettings(), ...hooksOff(repoConfig)]
  const input = base === undefined ? `delete ${ref} ${now}\n` : `update ${ref} ${base} ${now}\n`
  const args = ['update-ref', '--create-reflog', '-m', 'ledger: step back', '--stdin']
  const answer = await runGit(workTree.top, args, { config, input })
  return answer.ok ? undefined : failureFromGit(answer)
}

const MOVED: CommitResult = {
  status: 'deferred',
  reason: 'ref-locked',
  message: 'The ledger moved while it was being repaired.',
  hint: 'Try again.',
}

const repair = async (
  place: OpenLedger,
  options: ResolvedLedgerOptions,
): Promise<Result<LedgerRepair | undefined>> => {
  const { workTree, ref } = place
  const isBroken = isBrokenRef(workTree.commonDir, ref)
  await restoreBrokenRef(place)
  const from = await readRefTip(workTree, ref)
  if (isBroken && from !== undefined && (await isWhole(workTree.top, from))) {
    return ok({ ref, from, to: from, restored: 0 })
  }
  if (from === undefined || (await isWhole(workTree.top, from))) return ok(undefined)
  await writeLostFiles(place)
  if (await isWhole(workTree.top, from)) return ok({ ref, from, to: from, restored: 0 })
  const read = await readRepaired(place, from, [])
  if (!read.ok) return read
  const { base, restored } = read.value
  if (restored.length === 0) {
    const failed = await moveBack(place, read.value)
    return failed === undefined ? ok({ ref, from, to: base, restored: 0 }) : stop(failed)
  }
  const tip = { ...read.value, restored: [] }
  const added = await addToRef(place, { tip, additions: restored }, options)
  if (!added.ok) return stop(added.result.status === 'moved' ? MOVED : added.result)
  await noteAdded(place, added.value)
  return ok({ ref, from, to: added.value, restored: restored.length })
}

/**
 * Repairs the ledger of this clone if something that it leads to is missing or damaged: writes lost files again, or else
 * steps back to its newest whole commit and adds what can still be read and what this root holds. Returns `undefined`
 * if it is whole. The damaged commits stay in the reflog.
 */
export const repairLedger = async (
  root: string,
  options?: LedgerOptions,
): Promise<Result<LedgerRepair | undefined>> => {
  const resolved = resolveLedgerOptions(options)
  const place = await openLedger(root, resolved)
  if (!place.ok) return place
  const done = await withLedgerLock(place.value, resolved, () => repair(place.value, resolved))
  return done ?? stop(lockTimeout)
}
