// Which records ledgers hold, without reading them: for the doctor, which compares blob ids and reads only what differs.

import { isOpId, type OpId } from '@kitty/record'
import { findWorkTree } from '@kitty/writer/internals'
import { gitError, gitText } from '../git/query.js'
import { runGit } from '../git/run-git.js'
import { OWN_LEDGERS, opOfLedgerPath, REMOTE_LEDGERS } from './layout.js'
import { readOwnWriter } from './own-writer.js'

/** The ref of a ledger of this repository, or of one that was fetched. */
export type LedgerRef = {
  readonly ref: string
  readonly tip: string
  readonly writer: string
  /** The remote that it was fetched from. */
  readonly remote?: string
  readonly isOwn: boolean
}

const LINE = /^([0-9a-f]+) (\S+)$/

const parseRef = (line: string, own: string | undefined): readonly LedgerRef[] => {
  const [, tip, ref] = LINE.exec(line) ?? []
  const writer = ref?.slice(ref.lastIndexOf('/') + 1)
  if (tip === undefined || ref === undefined || !isOpId(writer)) return []
  if (ref === `${OWN_LEDGERS}${writer}`) return [{ ref, tip, writer, isOwn: writer === own }]
  const remote = ref.slice(REMOTE_LEDGERS.length, -writer.length - 1)
  if (!ref.startsWith(REMOTE_LEDGERS) || remote === '') return []
  return [{ ref, tip, writer, remote, isOwn: false }]
}

/**
 * Lists the ledgers of this repository and those that were fetched; the own one first, broken ones too. Starts one git;
 * none outside git, where it is empty.
 *
 * @throws KittyError `GIT_FAILED`, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const listLedgerRefs = async (root: string): Promise<readonly LedgerRef[]> => {
  const workTree = await findWorkTree(root)
  if (workTree === undefined) return []
  const own = readOwnWriter(workTree.commonDir)
  const args = ['for-each-ref', '--format=%(objectname) %(refname)', OWN_LEDGERS, REMOTE_LEDGERS]
  const listing = await gitText(workTree.top, args, { what: 'list the ledgers' })
  const refs = listing.split('\n').flatMap((line) => parseRef(line, own))
  return refs.toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn))
}

/** `<mode> blob <id>\t<path>` of a regular file. */
const ENTRY = /^100\d{3} blob ([0-9a-f]+)\t(.*)$/s

/**
 * Returns the blobs of the records that a ledger holds at their own paths, by Op.
 *
 * @throws KittyError `GIT_FAILED` if the ledger is damaged, `GIT_NOT_STARTED`.
 */
export const recordsInLedger = async (
  root: string,
  { ref, tip }: Pick<LedgerRef, 'ref' | 'tip'>,
): Promise<ReadonlyMap<OpId, string>> => {
  const answer = await runGit(root, ['ls-tree', '-r', '-z', '--full-tree', tip])
  if (!answer.ok) throw gitError({ what: `list the records in ${ref}` }, answer)
  const records = new Map<OpId, string>()
  for (const entry of answer.stdout.toString().split('\0')) {
    const [, blob, path = ''] = ENTRY.exec(entry) ?? []
    const id = opOfLedgerPath(path)
    if (blob !== undefined && id !== undefined) records.set(id, blob)
  }
  return records
}
