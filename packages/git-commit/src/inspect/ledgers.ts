import { isOpId, KittyError, type OpId, type OpRecord, parseOpRecord } from '@kitty/record'
import { findWorkTree } from '@kitty/writer/internals'
import { gitText } from '../git/query.js'
import {
  erasedPathOf,
  ledgerPathOf,
  OWN_LEDGERS,
  opOfLedgerPath,
  REMOTE_LEDGERS,
} from '../ledger/layout.js'
import { readOwnWriter } from '../ledger/own-writer.js'
import { readBlobs } from './read-blobs.js'

/** A ledger of this repository, or one that was fetched from a remote. */
export type Ledger = {
  readonly ref: string
  /** The commit that the ref points to. */
  readonly tip: string
  readonly writer: string
  /** The remote that it was fetched from. */
  readonly remote?: string
  /** Whether this clone writes it. */
  readonly isOwn: boolean
}

/** The record of a closed Op in a ledger. */
export type LedgerCopy = {
  readonly id: OpId
  readonly ledger: Ledger
  readonly blob: string
  /** Its path in the ledger. */
  readonly path: string
  readonly bytes: Buffer
  readonly record: OpRecord
}

/** What ledgers hold. */
export type LedgerContents = {
  /** The copies of each Op, the one that counts first. */
  readonly copies: ReadonlyMap<OpId, readonly LedgerCopy[]>
  /** How many files are not records at their own path. */
  readonly foreign: number
  /** The Ops that were erased on purpose. */
  readonly erased: ReadonlySet<OpId>
  /** The ledgers that cannot be read, and why. */
  readonly broken: readonly { readonly ledger: Ledger; readonly message: string }[]
}

const ledgerOfRef = (ref: string, tip: string, own: string | undefined): Ledger | undefined => {
  const writer = ref.slice(ref.lastIndexOf('/') + 1)
  if (!isOpId(writer)) return undefined
  if (ref === OWN_LEDGERS + writer) return { ref, tip, writer, isOwn: writer === own }
  const remote = ref.slice(REMOTE_LEDGERS.length, -writer.length - 1)
  return ref.startsWith(REMOTE_LEDGERS) && remote !== ''
    ? { ref, tip, writer, remote, isOwn: false }
    : undefined
}

/**
 * Lists the ledgers of a repository, its own first, then other local ones, then fetched ones. Empty outside git. Refs
 * that are not named by a ULID are ignored.
 *
 * @throws KittyError `GIT_FAILED` if git cannot list them, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const listLedgers = async (root: string): Promise<readonly Ledger[]> => {
  const tree = await findWorkTree(root)
  if (tree === undefined) return []
  const args = ['for-each-ref', '--format=%(refname) %(objectname)', OWN_LEDGERS, REMOTE_LEDGERS]
  const refs = await gitText(tree.top, args, { what: 'list the ledgers' })
  const own = readOwnWriter(tree.commonDir)
  const ledgers = refs.split('\n').flatMap((line) => {
    const [ref = '', tip = ''] = line.split(' ')
    return ledgerOfRef(ref, tip, own) ?? []
  })
  const rank = ({ isOwn, remote }: Ledger): number => (isOwn ? 0 : remote === undefined ? 1 : 2)
  return ledgers.toSorted((a, b) => rank(a) - rank(b))
}

const ENTRY = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s

const REGULAR = new Set(['100644', '100755'])

const LARGEST = 8 * 1024 ** 2

/** Above this number, naming the paths of Ops costs more than listing all. */
const MANY = 64

type Listed = {
  readonly ledger: Ledger
  readonly records: readonly { readonly id: OpId; readonly path: string; readonly blob: string }[]
  readonly erased: readonly OpId[]
  readonly foreign: number
}

const ERASED = 'erased/'

const EVIDENCE = /^\d{4,}-\d{2}\/\d{2}\/[0-9A-Z]{26}\//

const listFiles = async (
  top: string,
  ledger: Ledger,
  ids: readonly OpId[] | undefined,
): Promise<Listed> => {
  const paths =
    ids !== undefined && ids.length <= MANY
      ? ids.flatMap((id) => [ledgerPathOf(id), erasedPathOf(id)])
      : []
  const args = ['ls-tree', '-r', '-z', '--full-tree', ledger.tip, '--', ...paths]
  const listing = await gitText(top, args, { what: `read the ledger ${ledger.ref}` })
  const wanted = ids && new Set(ids)
  const records: { readonly id: OpId; readonly path: string; readonly blob: string }[] = []
  const erased: OpId[] = []
  let foreign = 0
  for (const entry of listing.split('\0')) {
    const [, mode = '', blob = '', path = ''] = ENTRY.exec(entry) ?? []
    const id = opOfLedgerPath(path)
    const erasedId = path.startsWith(ERASED) ? path.slice(ERASED.length) : undefined
    if (isOpId(erasedId)) erased.push(erasedId)
    else if (id !== undefined && REGULAR.has(mode)) {
      if (wanted?.has(id) ?? true) records.push({ id, path, blob })
    } else if (path !== '' && !EVIDENCE.test(path)) foreign += 1
  }
  return { ledger, records, erased, foreign }
}

const isCounted = ({ length }: Buffer, record: OpRecord, id: OpId): boolean =>
  length <= LARGEST && record.status === 'closed' && record.started?.invocation_id === id

/** By who closed it (an agent before a sweep), then by the time of the close, then by blob. */
const keyOf = ({ record, blob }: LedgerCopy): string => {
  const { closed_by, completed_at = '' } = record.completed ?? {}
  return `${closed_by === 'doctor_sweep' ? 1 : 0} ${completed_at} ${blob}`
}

/** The copies in the order in which they count; copies with the same bytes once for each writer. */
const inOrder = (copies: readonly LedgerCopy[]): readonly LedgerCopy[] => {
  const once = new Map<string, LedgerCopy>()
  for (const copy of copies) {
    const key = `${copy.ledger.writer} ${copy.blob}`
    if (!once.has(key)) once.set(key, copy)
  }
  const rank = ({ ledger }: LedgerCopy): number => Number(!ledger.isOwn)
  return [...once.values()].toSorted((a, b) => rank(a) - rank(b) || (keyOf(a) < keyOf(b) ? -1 : 1))
}

/**
 * Reads the records in ledgers: all, or those of some Ops. A ledger that cannot be read is in `broken`, and does not
 * keep the others from being read. Fetches nothing.
 *
 * @throws KittyError `GIT_NOT_STARTED`, `UNSAFE_DIRECTORY`.
 */
export const readLedgers = async (
  root: string,
  ledgers: readonly Ledger[],
  { ids }: { readonly ids?: readonly OpId[] } = {},
): Promise<LedgerContents> => {
  const tree = await findWorkTree(root)
  if (tree === undefined) return { copies: new Map(), foreign: 0, erased: new Set(), broken: [] }
  const listed: Listed[] = []
  const broken: { readonly ledger: Ledger; readonly message: string }[] = []
  const blobs = new Map<string, Buffer>()
  for (const ledger of ledgers) {
    try {
      const files = await listFiles(tree.top, ledger, ids)
      const unread = files.records.map(({ blob }) => blob).filter((blob) => !blobs.has(blob))
      for (const [id, bytes] of await readBlobs(root, [...new Set(unread)])) blobs.set(id, bytes)
      listed.push(files)
      const missing = files.records.filter(({ blob }) => !blobs.has(blob)).length
      if (missing > 0) broken.push({ ledger, message: `${missing} records are missing.` })
    } catch (error) {
      if (!(error instanceof KittyError) || error.code !== 'GIT_FAILED') throw error
      broken.push({ ledger, message: error.message })
    }
  }
  const copies = new Map<OpId, LedgerCopy[]>()
  let foreign = listed.reduce((sum, each) => sum + each.foreign, 0)
  for (const { ledger, records } of listed) {
    for (const { id, path, blob } of records) {
      const bytes = blobs.get(blob)
      if (bytes === undefined) continue
      const record = parseOpRecord(bytes, { opId: id })
      if (!isCounted(bytes, record, id)) foreign += 1
      else copies.set(id, [...(copies.get(id) ?? []), { id, ledger, blob, path, bytes, record }])
    }
  }
  return {
    copies: new Map([...copies].map(([id, found]) => [id, inOrder(found)])),
    foreign,
    erased: new Set(listed.flatMap(({ erased }) => erased)),
    broken,
  }
}
