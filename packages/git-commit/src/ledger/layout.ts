import { isOpId, type OpId, opIdTime } from '@kitty/record'

/** The refs of the ledgers of this repository: one for each writer, which is one for each clone. */
export const OWN_LEDGERS = 'refs/kitty/ops/'

/** The refs of ledgers that were fetched: `<remote>/<writer>`. */
export const REMOTE_LEDGERS = 'refs/kitty/remotes/'

/** The ref of the ledger of a writer. */
export const ledgerRefOf = (writer: string): string => `${OWN_LEDGERS}${writer}`

const DAY_MS = 24 * 60 * 60 * 1000

/** The names of days: making one takes longer than reading a record. */
const days = new Map<number, string>()

/** The folder of an Op's day in a ledger, such as `2026-11/28`. It follows from the id alone, in UTC. */
const dayOf = (id: OpId): string => {
  const number = Math.floor(opIdTime(id) / DAY_MS)
  const known = days.get(number)
  if (known !== undefined) return known
  const [text = ''] = new Date(number * DAY_MS).toISOString().split('T')
  const day = `${text.slice(0, -3)}/${text.slice(-2)}`
  days.set(number, day)
  return day
}

/** The month of an Op in a ledger, such as `2026-11`. */
export const ledgerMonthOf = (id: OpId): string => dayOf(id).slice(0, -3)

/** The path of a record in a ledger, such as `2026-11/28/<id>.jsonl`. */
export const ledgerPathOf = (id: OpId): string => `${dayOf(id)}/${id}.jsonl`

/** The folder of an Op's evidence in a ledger. */
export const ledgerEvidenceOf = (id: OpId): string => `${dayOf(id)}/${id}`

/** The path of the note that an Op was erased on purpose. */
export const erasedPathOf = (id: OpId): string => `erased/${id}`

const RECORD = /^\d{4,}-\d{2}\/\d{2}\/([0-9A-Z]{26})\.jsonl$/

/** Returns the Op whose record belongs at this path of a ledger, or `undefined` if no record does. */
export const opOfLedgerPath = (path: string): OpId | undefined => {
  const id = RECORD.exec(path)?.[1]
  return isOpId(id) && ledgerPathOf(id) === path ? id : undefined
}
