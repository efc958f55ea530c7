import { isOpId } from '@kitty/record'
import { gitText } from '../git/query.js'
import { ledgerRefOf, OWN_LEDGERS } from '../ledger/layout.js'
import { networkError } from './network-failure.js'
import { type SyncPlace, transfer } from './sync-place.js'

/** Ledgers by writer: the commits that their refs point to. */
export type Tips = ReadonlyMap<string, string>

const LINE = /^([0-9a-f]{40}(?:[0-9a-f]{24})?)[\t ](\S+)$/

/** Parses `<id> <ref>` a line. Names that are not those of writers are ignored, here and everywhere else. */
const tipsIn = (listing: string, folder: string): Tips => {
  const tips = new Map<string, string>()
  for (const line of listing.split('\n')) {
    const [, tip, ref = ''] = LINE.exec(line) ?? []
    const writer = ref.slice(folder.length)
    if (tip !== undefined && ref.startsWith(folder) && isOpId(writer)) tips.set(writer, tip)
  }
  return tips
}

/** Asks the server for its ledgers. Throws KittyError with a code that says why it could not. */
export const listServer = async (place: SyncPlace): Promise<Tips> => {
  const args = ['ls-remote', '--refs', '--', place.remote, `${OWN_LEDGERS}*`]
  const answer = await transfer(place, { step: 'list', args })
  if (!answer.ok) throw networkError(place.remote, answer)
  return tipsIn(answer.stdout.toString(), OWN_LEDGERS)
}

const listLocal = async (cwd: string, folder: string): Promise<Tips> => {
  const args = ['for-each-ref', '--format=%(objectname) %(refname)', folder]
  return tipsIn(await gitText(cwd, args, { what: 'list the ledgers' }), folder)
}

/** The ledgers that were fetched from the remote. Throws KittyError `GIT_FAILED`. */
export const listFetched = ({ cwd, tracking }: SyncPlace): Promise<Tips> => listLocal(cwd, tracking)

/** The refs of this clone in the place of its own ledger. Throws KittyError `GIT_FAILED`. */
export const listOwn = ({ cwd }: SyncPlace): Promise<Tips> => listLocal(cwd, OWN_LEDGERS)

/** The ref of a writer on the server. */
export const serverRefOf = ledgerRefOf
