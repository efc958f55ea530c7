import type { SyncReason } from '@kitty/record'
import type { PushedHistory } from './push-history.js'
import type { SkippedLedger } from './sync-result.js'

const HINTS: Readonly<Partial<Record<SyncReason, string>>> = {
  refused:
    'Act on what the server says. A record never changes: to publish the others, take it out of the ledger, as docs/sync.md says under erasure.',
  'refs-refused':
    'This host accepts no refs under refs/kitty. Use another remote for the ledgers, such as a private bare repository.',
  damaged: 'Let the doctor fix the ledger, then sync again.',
  'no-access': 'Ask for permission to push, or sync with a remote to which you can push.',
  'broken-off': 'Try again. Nothing is lost: the next sync continues from here.',
  moved: 'Try again in a moment.',
}

const MESSAGES: Readonly<Partial<Record<SyncReason, string>>> = {
  'refs-refused': 'The server does not accept such a ref',
  'no-access': 'The server does not let you push',
  damaged: 'The ledger of this clone is damaged, so the rest of it was not pushed',
  'broken-off': 'The server broke off while the ledger was being pushed',
}

const LISTED = 3

const refusal = ({ refusedOps, isFirst }: PushedHistory): string => {
  const [first] = refusedOps
  if (first === undefined) return 'The server refused the ledger of this clone'
  const shown = refusedOps.slice(0, LISTED).join(', ')
  const more = refusedOps.length > LISTED ? ` and ${refusedOps.length - LISTED} more` : ''
  const what = refusedOps.length === 1 ? 'the record of Op' : 'a commit with the records of the Ops'
  const since = isFirst ? 'everything that is new, from' : ''
  return `The server refused ${[since, what].filter(Boolean).join(' ')} ${shown}${more} of this clone`
}

/** Says why a ledger, or the rest of it, was not pushed. Empty if it was. */
export const skippedPush = (ref: string, sent: PushedHistory): readonly SkippedLedger[] => {
  const { result, refusedOps } = sent
  if (result.kind === 'done' || result.kind === 'same') return []
  const reason = result.kind === 'lost-race' ? 'moved' : result.reason
  const what =
    reason === 'refused' ? refusal(sent) : (MESSAGES[reason] ?? 'Others kept changing the server')
  return [
    {
      ref,
      reason,
      message: `${what}: ${result.words}`,
      hint: HINTS[reason] ?? 'Try again.',
      ...(refusedOps.length > 0 && { ops: refusedOps }),
    },
  ]
}
