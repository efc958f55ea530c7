import type { SyncReason } from '@kitty/record'
import { FULL, networkError, troubleIn, wordsOf } from './network-failure.js'
import { type SyncPlace, transfer } from './sync-place.js'

/** What became of a push. `lost-race`: others changed the server meanwhile. */
export type Pushed =
  | { readonly kind: 'done' }
  /** A server for pushing, other than the one for fetching, has it already. */
  | { readonly kind: 'same' }
  | { readonly kind: 'lost-race'; readonly words: string }
  | { readonly kind: 'failed'; readonly reason: SyncReason; readonly words: string }

/** Nothing but one ref: no tags, no hooks, no signature, no options, no submodules; the settings are in `sync-place.ts`. */
const ARGS = [
  'push',
  '--progress',
  '--porcelain',
  '--no-verify',
  '--no-follow-tags',
  '--no-signed',
  '--no-recurse-submodules',
]

/** What a porcelain line says of a ref that is there already. */
const SAME = /^=\t/m

/** What a porcelain line says of a ref that was not taken: `!<tab><from>:<to><tab>[rejected] (<why>)`. */
const REJECTED = /^!\t[^\t]*\t(.*)$/m

const RACE =
  /fetch first|non-fast-forward|stale info|already exists|cannot lock ref|failed to lock|failed to update ref|incorrect old value/i

const NO_SUCH_REFS =
  /hidden ref|funny refname|refusing to (?:create|update)|not allowed to (?:create|push) .*refs|only push (?:branches|to branches)|invalid ref/i

/** What git on the server says if it cannot store anything there, whatever it is sent. */
const UNABLE_THERE =
  /unpacker error|unpack failed|cannot lock ref|failed to lock|failed to update ref|failed to write/i

const NOT_WRITABLE_THERE = /Permission denied|Read-only file system|insufficient permission/i

const failed = (reason: SyncReason, words: string): Pushed => ({ kind: 'failed', reason, words })

/** What git says of an object that it must send and cannot read here. */
const DAMAGED_HERE =
  /^(?:fatal|error): (?:bad (?:tree |blob )?object|unable to read|missing (?:tree|blob|commit)|(?:loose|packed) object .*corrupt|object file .* is empty)/m

const rejection = (why: string, words: string): Pushed => {
  const all = `${why} ${words}`
  const said = words === '' ? why : `${why}; ${words}`
  if (UNABLE_THERE.test(why) && FULL.test(all)) return failed('broken-off', said)
  if (UNABLE_THERE.test(why) && NOT_WRITABLE_THERE.test(all)) return failed('no-access', said)
  if (RACE.test(why)) return { kind: 'lost-race', words: why }
  return failed(NO_SUCH_REFS.test(all) ? 'refs-refused' : 'refused', said)
}

const REASONS = { 'no-access': 'no-access', 'broken-off': 'broken-off' } as const

/**
 * Settings that keep git from moving a ref here that a refspec of the remote maps the pushed one to. Git applies a negative
 * refspec to a push only if another one names the same ref on both sides.
 */
const unmapped = (remote: string, ref: string): readonly string[] =>
  [`${ref}:${ref}`, `^${ref}`].map((refspec) => `remote.${remote}.fetch=${refspec}`)

/**
 * Pushes a commit to a ref of the server, without force.
 *
 * @throws KittyError `SYNC_OFFLINE`, `SYNC_INTERRUPTED`, `SYNC_TIMED_OUT`, `GIT_FAILED`.
 */
export const pushRef = async (place: SyncPlace, commit: string, ref: string): Promise<Pushed> => {
  const config = unmapped(place.remote, ref)
  const args = [...ARGS, '--', place.remote, `${commit}:${ref}`]
  const answer = await transfer(place, { step: 'push', args, config })
  const said = answer.stdout.toString()
  if (answer.ok) return { kind: SAME.test(said) ? 'same' : 'done' }
  const words = wordsOf(answer)
  if (DAMAGED_HERE.test(answer.stderr)) return failed('damaged', words)
  const [, why] = REJECTED.exec(said) ?? []
  if (why !== undefined && answer.cut === undefined) return rejection(why, words)
  const trouble = troubleIn(answer)
  if (trouble === 'no-access' || trouble === 'broken-off') return failed(REASONS[trouble], words)
  throw networkError(place.remote, answer)
}
