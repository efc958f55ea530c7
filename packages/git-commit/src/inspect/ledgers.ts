import { isOpId } from '@kitty/record'
import { findWorkTree } from '@kitty/writer/internals'
import { gitError } from '../git/query.js'
import { runGit } from '../git/run-git.js'
import { OWN_LEDGERS, REMOTE_LEDGERS } from '../ledger/layout.js'
import { readOwnWriter } from '../ledger/own-writer.js'

/** A ledger of this repository, or one that was fetched from a remote. */
export type Ledger = {
  readonly ref: string
  /** The commit that the ref points to; empty if the ref itself is broken. */
  readonly tip: string
  readonly writer: string
  /** The remote that it was fetched from. */
  readonly remote?: string
  /** Whether this clone writes it. */
  readonly isOwn: boolean
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

/** What git says of a ref whose file is empty or garbled, as a power loss leaves it. It lists the others. */
const BROKEN_REF = /ignoring broken ref (\S+)$/gm

/**
 * Lists the ledgers of a repository, its own first, then other local ones, then fetched ones; broken refs too. Empty
 * outside git. Refs that are not named by a ULID are ignored.
 *
 * @throws KittyError `GIT_FAILED` if git cannot list them, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const listLedgers = async (root: string): Promise<readonly Ledger[]> => {
  const tree = await findWorkTree(root)
  if (tree === undefined) return []
  const args = ['for-each-ref', '--format=%(refname) %(objectname)', OWN_LEDGERS, REMOTE_LEDGERS]
  const answer = await runGit(tree.top, args)
  if (!answer.ok) throw gitError({ what: 'list the ledgers' }, answer)
  const lines = answer.stdout.toString().split('\n')
  const broken = [...answer.stderr.matchAll(BROKEN_REF)].map(([, ref = '']) => ref)
  const own = readOwnWriter(tree.commonDir)
  const ledgers = [...lines, ...broken].flatMap((line) => {
    const [ref = '', tip = ''] = line.split(' ')
    return ledgerOfRef(ref, tip, own) ?? []
  })
  const rank = ({ isOwn, remote }: Ledger): number => (isOwn ? 0 : remote === undefined ? 1 : 2)
  return ledgers.toSorted((a, b) => rank(a) - rank(b))
}
