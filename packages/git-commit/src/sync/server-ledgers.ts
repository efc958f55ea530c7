import { isOpId } from '@kitty/record'
import { gitText } from '../git/query.js'
import { ledgerRefOf, OWN_LEDGERS } from '../ledger/layout.js'
import { networkError } from './network-failure.js'
import { type SyncPlace, transfer } from './sync-place.js'

/** Ledgers by writer: the commits that their refs point to. */
export type Tips = ReadonlyMap<string, string>

/** The commit of a writer's ledger; empty if it has none. */
export const tipOf = (tips: Tips, writer: string): string => tips.get(writer) ?? ''

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

/** The ledgers in this clone. */
export type LocalLedgers = {
  /** Those that were fetched from the remote. */
  readonly fetched: Tips
  /** Those in the place of this clone's own. */
  readonly own: Tips
}

/** Lists the ledgers in this clone. Throws KittyError `GIT_FAILED`. */
export const listLocal = async ({ cwd, tracking }: SyncPlace): Promise<LocalLedgers> => {
  const args = ['for-each-ref', '--format=%(objectname) %(refname)', tracking, OWN_LEDGERS]
  const listing = await gitText(cwd, args, { what: 'list the ledgers' })
  return { fetched: tipsIn(listing, tracking), own: tipsIn(listing, OWN_LEDGERS) }
}

/** The ref of a writer on the server. */
export const serverRefOf = ledgerRefOf
