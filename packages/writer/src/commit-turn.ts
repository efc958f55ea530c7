import { join } from 'node:path'
import type { OpId } from '@kitty/record'
import type { CommitRequest, CommitResult, CommitStrategy } from './commit-strategy.js'
import { createExclusive, readRegular } from './durable-file.js'
import { isAttended, listMarks, type Mark, readMark, removeMark, updateMark } from './intents.js'
import { ATTRIBUTES_PATH } from './layout.js'
import { type Prospect, prospectOf } from './pending-request.js'
import { forgetStarted } from './started-notes.js'
import { strategyKey } from './strategy-key.js'

/** What one turn works on. */
export type TurnScope = {
  readonly root: string
  readonly state: string
  readonly strategy: CommitStrategy
  readonly commitIndex: boolean
  /** The Ops whose closers wait in this process. */
  readonly ours: ReadonlySet<OpId>
  /** Commit what other strategies left pending, too. */
  readonly anyStrategy: boolean
}

export type TurnResults = ReadonlyMap<OpId, CommitResult>

/** Above this many pending Ops, the others are only tried when ours could be committed. */
const EAGER = 64

const isOurs = (scope: TurnScope, mark: Mark): boolean => {
  if (scope.anyStrategy || scope.ours.has(mark.invocation_id)) return true
  const { strategy, options } = strategyKey(scope.strategy)
  return mark.strategy === strategy && mark.options === options
}

const broken = (message: string): CommitResult => ({
  status: 'failed',
  code: 'STRATEGY_BROKEN',
  message,
  hint: 'This is a bug in the commit strategy. The Ops stay pending.',
})

const askStrategy = async (
  strategy: CommitStrategy,
  requests: readonly CommitRequest[],
): Promise<readonly CommitResult[]> => {
  if (requests.length === 0) return []
  try {
    const results = await strategy.commit(requests)
    if (results.length === requests.length) return results
    const counts = `${results.length} results for ${requests.length} requests`
    return requests.map(() => broken(`The strategy "${strategy.name}" gave ${counts}.`))
  } catch (error) {
    return requests.map(() => broken(`The strategy "${strategy.name}" threw: ${String(error)}`))
  }
}

/** Ends a mark with its result: a committed Op is done with, any other stays pending with the reason. */
export const concludeMark = async (
  state: string,
  mark: Mark,
  result: CommitResult,
): Promise<void> => {
  if (result.status !== 'committed') return updateMark(state, { ...mark, owner: '', result })
  await removeMark(state, mark.invocation_id)
  await forgetStarted(state, mark.invocation_id)
}

/** Leaves the outcome where whoever waits for it in another process looks, or ends the mark. */
const leaveResult = (scope: TurnScope, mark: Mark, result: CommitResult): Promise<void> => {
  const waitsElsewhere = !scope.ours.has(mark.invocation_id) && isAttended(mark)
  return waitsElsewhere
    ? updateMark(scope.state, { ...mark, result })
    : concludeMark(scope.state, mark, result)
}

const attributesFlag = ({ state }: TurnScope): string => join(state, 'attributes-committed')

const noteAttributes = async (scope: TurnScope, requests: readonly CommitRequest[]) => {
  if (!requests.some(({ write }) => write.includes(ATTRIBUTES_PATH))) return
  await createExclusive(attributesFlag(scope), '', 'process').catch(() => undefined)
}

const answers = async (
  scope: TurnScope,
  prospects: readonly (readonly [Mark, Prospect])[],
): Promise<Map<OpId, CommitResult>> => {
  const ready = prospects.flatMap(([mark, prospect]) =>
    'request' in prospect ? [{ mark, request: prospect.request }] : [],
  )
  const results = await askStrategy(
    scope.strategy,
    ready.map(({ request }) => request),
  )
  const given = new Map(ready.map(({ mark }, number) => [mark.invocation_id, results[number]]))
  const all = new Map<OpId, CommitResult>()
  for (const [mark, prospect] of prospects) {
    const left = 'left' in prospect && prospect.left !== 'busy' ? prospect.left : undefined
    const result = given.get(mark.invocation_id) ?? left
    if (result !== undefined) all.set(mark.invocation_id, result)
  }
  const done = ready.filter((_, number) => results[number]?.status === 'committed')
  await noteAttributes(
    scope,
    done.map(({ request }) => request),
  )
  return all
}

const commitThese = async (scope: TurnScope, ids: readonly OpId[]): Promise<TurnResults> => {
  const withAttributes = (await readRegular(attributesFlag(scope))) === undefined
  const found = await Promise.all(ids.map((id) => readMark(scope.state, id)))
  const marks = found.filter((mark) => mark !== undefined)
  // A close that was cut off is finished whatever strategy it was to be committed with.
  const all = await Promise.all(
    marks.map(
      async (mark) => [mark, await prospectOf(mark, { ...scope, withAttributes })] as const,
    ),
  )
  const prospects = all.filter(([mark]) => isOurs(scope, mark))
  const results = await answers(scope, prospects)
  await Promise.all(
    prospects.map(async ([mark]) => {
      const result = results.get(mark.invocation_id)
      if (result !== undefined) await leaveResult(scope, mark, result)
    }),
  )
  return results
}

/**
 * Commits what is pending and may be committed now, in one group. The caller holds the commit lock.
 * With very many pending (a protected branch, say) the others are not even read unless one of ours
 * could be committed: reasons that last are looked at once for all.
 */
export const takeTurn = async (scope: TurnScope): Promise<TurnResults> => {
  const ids = await listMarks(scope.state)
  if (ids.length <= EAGER || scope.ours.size === 0) return commitThese(scope, ids)
  const mine = ids.filter((id) => scope.ours.has(id))
  const results = await commitThese(scope, mine)
  if (![...results.values()].some(({ status }) => status === 'committed')) return results
  const others = ids.filter((id) => !scope.ours.has(id))
  return new Map([...results, ...(await commitThese(scope, others))])
}
