import { KittyError, type OpId } from '@kitty/record'
import { askStrategy } from './ask-strategy.js'
import { offerAttributes } from './attributes.js'
import type { CommitRequest, CommitResult, CommitStrategy } from './commit-strategy.js'
import { leaveResult } from './conclude-mark.js'
import { isAttended, isDelivered, listMarks, type Mark, readMark } from './intents.js'
import { ATTRIBUTES_PATH } from './layout.js'
import { type Prospect, prospectOf } from './pending-request.js'
import { isMarkOf } from './strategy-key.js'
import { findVanished } from './vanished-records.js'

/** What one turn works on. */
export type TurnScope = {
  readonly root: string
  readonly state: string
  readonly strategy: CommitStrategy
  readonly commitIndex: boolean
  /** The Ops whose closers have done their part, and wait in this very store. */
  readonly ours: ReadonlySet<OpId>
  /** Try all that are pending, however many there are and whatever becomes of ours. */
  readonly all: boolean
  /** Commit what other strategies left pending, too. */
  readonly anyStrategy: boolean
}

export type TurnResults = ReadonlyMap<OpId, CommitResult>

type Ready = Extract<Prospect, { request: CommitRequest }>
type Candidate = readonly [mark: Mark, prospect: Prospect]

/** Above this many pending Ops, the others are only tried when ours could be committed. */
const EAGER = 64

/** What stands in the way of one Op must not stand in the way of all. */
const spoilt = (error: unknown): Prospect => ({
  left:
    error instanceof KittyError
      ? { status: 'failed', code: error.code, message: error.message, hint: error.hint }
      : { status: 'failed', code: 'COMMIT_FAILED', message: String(error) },
})

/** The marks that a turn looks at; a result that somebody is about to take up is left to them. */
const marksFor = async (scope: TurnScope, ids: readonly OpId[]): Promise<Mark[]> => {
  const found = await Promise.all(ids.map((id) => readMark(scope.state, id).catch(() => undefined)))
  return found.flatMap((mark) => {
    if (mark === undefined) return []
    return scope.ours.has(mark.invocation_id) || !isDelivered(mark) ? [mark] : []
  })
}

/** While its closer lives and is not done, a record is the closer's to write. */
const isBeingClosed = (scope: TurnScope, mark: Mark): boolean =>
  !scope.ours.has(mark.invocation_id) && isAttended(mark)

const candidates = async (
  scope: TurnScope,
  ids: readonly OpId[],
  withAttributes: boolean,
): Promise<Candidate[]> => {
  const marks = await marksFor(scope, ids)
  const options = { ...scope, withAttributes }
  const beingClosed = new Set(marks.filter((mark) => isBeingClosed(scope, mark)))
  const others = marks.filter((mark) => !beingClosed.has(mark))
  const vanished = findVanished(scope.root, scope.strategy, others)
  const prospect = async (mark: Mark): Promise<Prospect> => {
    const attended = beingClosed.has(mark)
    const whereabouts = attended ? undefined : (await vanished).get(mark.invocation_id)
    return prospectOf(mark, { attended, whereabouts }, options)
  }
  return Promise.all(marks.map(async (mark) => [mark, await prospect(mark).catch(spoilt)] as const))
}

type Answers = {
  readonly results: Map<OpId, CommitResult>
  /** Whether the attributes are in a commit now. */
  readonly hasAttributes: boolean
}

const isNewCommit = (result: CommitResult): boolean =>
  result.status === 'committed' && result.earlier !== true

/** A result that tells also of what was not there any more. */
const withMissing = (result: CommitResult, missing: readonly string[]): CommitResult => {
  if (result.status !== 'committed' || missing.length === 0) return result
  const notes = missing.map((path) => `${path} was left out: there is no such file any more.`)
  return { ...result, notes: [...(result.notes ?? []), ...notes] }
}

const answers = async (scope: TurnScope, asked: readonly Candidate[]): Promise<Answers> => {
  const results = new Map<OpId, CommitResult>()
  const ready = new Map<OpId, Ready>()
  for (const [{ invocation_id }, prospect] of asked) {
    if ('request' in prospect) ready.set(invocation_id, prospect)
    else if (prospect.left !== 'busy') results.set(invocation_id, prospect.left)
  }
  const requests = [...ready.values()].map(({ request }) => request)
  const given = await askStrategy(scope.strategy, requests)
  let hasAttributes = false
  for (const [number, [id, { request, missing }]] of [...ready].entries()) {
    const result = given[number]
    if (result === undefined) continue
    results.set(id, withMissing(result, missing))
    hasAttributes ||= isNewCommit(result) && request.write.includes(ATTRIBUTES_PATH)
  }
  return { results, hasAttributes }
}

const commitThese = async (scope: TurnScope, ids: readonly OpId[]): Promise<TurnResults> => {
  const { root, state, strategy, anyStrategy, ours } = scope
  const attributes = await offerAttributes(root, state)
  // A close that was cut off is finished whatever strategy it was to be committed with.
  const found = await candidates(scope, ids, attributes.wanted)
  const asked = found.filter(([mark]) => anyStrategy || isMarkOf(strategy, mark))
  const { results, hasAttributes } = await answers(scope, asked)
  const left = [...results].map(([id, result]) => leaveResult(state, id, result, ours.has(id)))
  // A result stands also where its mark cannot be written: the next turn finds out the same.
  await Promise.allSettled([attributes.settle(hasAttributes), ...left])
  return results
}

/**
 * Commits what is pending and may be committed now, in one group. The caller holds the commit lock.
 * With very many pending (a protected branch, say) the others are not even read unless one of ours
 * could be committed: reasons that last are looked at once for all.
 */
export const takeTurn = async (scope: TurnScope): Promise<TurnResults> => {
  const ids = await listMarks(scope.state)
  if (scope.all || ids.length <= EAGER) return commitThese(scope, ids)
  const mine = ids.filter((id) => scope.ours.has(id))
  const results = await commitThese(scope, mine)
  if (![...results.values()].some(({ status }) => status === 'committed')) return results
  const others = ids.filter((id) => !scope.ours.has(id))
  return new Map([...results, ...(await commitThese(scope, others))])
}
