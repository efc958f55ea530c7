import { newOpId } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'
import { failureFromGit } from '../git/failures.js'
import { ok, type Result, stop } from '../git/result.js'
import { runGit } from '../git/run-git.js'
import { nullId } from '../objects/object.js'
import { fsyncSettings, hooksOff } from '../repository/config.js'
import { readRefTip } from '../repository/head.js'
import { ledgerRefOf } from './layout.js'
import {
  type LedgerOptions,
  lockTimeout,
  type OpenLedger,
  openLedger,
  resolveLedgerOptions,
  withLedgerLock,
} from './open-ledger.js'
import { readOwnLedger } from './own-ledger.js'
import { forgetTip, noteTip, readOwnWriter, renewOwnWriter } from './own-writer.js'

/** A ledger that goes on under another ref. */
export type NewWriter = {
  readonly from: string
  readonly to: string
  /** Where the new ref starts; `undefined` if the old one was gone, so that the new ledger is empty. */
  readonly tip: string | undefined
}

/** Moves what the old ref has to the new one, in one transaction. */
const moveRef = async (
  { workTree, repoConfig, ref }: OpenLedger,
  to: string,
  tip: string,
): Promise<CommitResult | undefined> => {
  const config = [...fsyncSettings(), ...hooksOff(repoConfig)]
  const args = ['update-ref', '--create-reflog', '-m', 'ledger: new writer', '--stdin']
  // `update` from no object creates the ref, and keeps a reflog, unlike `create` of older versions of git.
  const input = `update ${to} ${tip} ${nullId(repoConfig.objectFormat)}\ndelete ${ref} ${tip}\n`
  const answer = await runGit(workTree.top, args, { config, input })
  return answer.ok ? undefined : failureFromGit(answer)
}

const renew = async (place: OpenLedger): Promise<Result<NewWriter | undefined>> => {
  const { root, workTree, ref } = place
  const isStill = readOwnWriter(workTree.commonDir) === place.writer
  // Somebody moved the ref back to where it was, or another process took a new writer.
  if (!isStill || (await readOwnLedger(root))?.rewoundFrom === undefined) return ok(undefined)
  const tip = await readRefTip(workTree, ref)
  const writer = newOpId()
  const to = ledgerRefOf(writer)
  const failed = tip === undefined ? undefined : await moveRef(place, to, tip)
  if (failed !== undefined) return stop(failed)
  await renewOwnWriter(workTree.commonDir, writer)
  if (tip === undefined) forgetTip(workTree.commonDir)
  else await noteTip(workTree.commonDir, writer, tip)
  return ok({ from: ref, to, tip })
}

/**
 * Accepts that the ledger of this clone was rewound: takes a new writer, whose ref starts where the old one is now, and
 * removes the old ref. Returns `undefined` if it is not rewound. A crash after the refs have moved leaves the old writer
 * without a ref; another call then takes a writer with an empty ledger, and what the first one moved stays.
 */
export const takeNewWriter = async (
  root: string,
  options?: LedgerOptions,
): Promise<Result<NewWriter | undefined>> => {
  const resolved = resolveLedgerOptions(options)
  const place = await openLedger(root, resolved)
  if (!place.ok) return place
  const done = await withLedgerLock(place.value, resolved, () => renew(place.value))
  return done ?? stop(lockTimeout)
}
