// Fetches ledgers of the server into `refs/kitty/remotes/<remote>/<writer>`: exact names, nothing forced, nothing
// removed, and nothing else. A ref that git refuses is looked for by halves, named, and left out.

import { gitText } from '../git/query.js'
import { OWN_LEDGERS, REMOTE_LEDGERS } from '../ledger/layout.js'
import { commitsHere, isContained } from './history.js'
import { isFinal, networkError, wordsOf } from './network-failure.js'
import {
  type LocalLedgers,
  listLocal,
  listServer,
  serverRefOf,
  type Tips,
  tipOf,
} from './server-ledgers.js'
import { brokenOff, damaged, noLedger, notHere, older, rewritten } from './skipped-fetch.js'
import { type SyncPlace, transfer } from './sync-place.js'
import type { SkippedLedger } from './sync-result.js'

/** What a fetch brought, and what it left. */
export type Fetched = {
  /** The ledgers whose refs moved, by writer. */
  readonly moved: ReadonlyMap<string, { readonly from: string | undefined; readonly to: string }>
  readonly skipped: readonly SkippedLedger[]
}

/** As many refs as one git fetches. */
const BATCH = 1_000

/** Failed attempts after which the search for bad refs ends. */
const MAX_FAILURES = 64

const ARGS = [
  'fetch',
  '--progress',
  '--no-tags',
  '--no-prune',
  '--no-prune-tags',
  '--no-recurse-submodules',
  '--no-auto-maintenance',
  '--no-write-fetch-head',
  '--no-write-commit-graph',
  // The remote's own refspecs write nothing.
  '--refmap=',
  // All of a ledger, in a partial clone too: only what ledgers here have is known to be whole.
  '--no-filter',
  `--negotiation-tip=${OWN_LEDGERS}*`,
  `--negotiation-tip=${REMOTE_LEDGERS}*`,
  '--stdin',
]

/** Git says this of a ref of this clone. It then fetches nothing. */
const BROKEN_HERE = /bad object (refs\/\S+)/

/** What git says if it does not take an object; after that, the connection ends. */
const REFUSED = /fsck error|^(?:remote: )?error: object [0-9a-f]{40,}: /m

type Run = {
  readonly place: SyncPlace
  readonly server: Tips
  readonly before: Tips
  readonly skipped: SkippedLedger[]
  failures: number
}

/** The ledgers that a git which failed left as they were. */
const leftOf = async (
  { place, server, before }: Run,
  writers: readonly string[],
): Promise<readonly string[]> => {
  const { fetched: now } = await listLocal(place)
  return writers.filter((writer) => {
    const tip = now.get(writer)
    return tip === undefined || (tip === before.get(writer) && tip !== server.get(writer))
  })
}

/** Says why one ledger was not fetched. Git fetched its content if only its history was wrong. */
const reasonFor = async (
  { place, server, before }: Run,
  writer: string,
  outcome: Parameters<typeof wordsOf>[0],
): Promise<SkippedLedger> => {
  const [tip, known] = [tipOf(server, writer), before.get(writer)]
  const ref = serverRefOf(writer)
  const isForced = known !== undefined && (await commitsHere(place.cwd, [tip])).has(tip)
  if (isForced && !(await isContained(place.cwd, known, tip))) {
    return rewritten(ref, place.tracking + writer)
  }
  const words = wordsOf(outcome)
  const [, brokenHere] = BROKEN_HERE.exec(outcome.stderr) ?? []
  if (brokenHere !== undefined) return notHere(ref, brokenHere)
  return REFUSED.test(outcome.stderr) ? damaged(ref, words) : brokenOff(ref, words)
}

/** Fetches ledgers; if git fails, each half of what it left. */
const fetchSome = async (run: Run, writers: readonly string[]): Promise<void> => {
  const { place, skipped } = run
  const spec = (writer: string): string => `${serverRefOf(writer)}:${place.tracking}${writer}\n`
  const input = writers.map(spec).join('')
  const answer = await transfer(place, {
    step: 'fetch',
    args: [...ARGS, '--', place.remote],
    input,
  })
  if (answer.ok) return
  if (isFinal(answer)) throw networkError(place.remote, answer)
  const left = await leftOf(run, writers)
  run.failures += 1
  if (left.length <= 1 || run.failures >= MAX_FAILURES) {
    for (const writer of left) skipped.push(await reasonFor(run, writer, answer))
    return
  }
  const middle = Math.ceil(left.length / 2)
  await fetchSome(run, left.slice(0, middle))
  await fetchSome(run, left.slice(middle))
}

/** The ledgers of which the server has less than this clone fetched, or the same by now. */
const findBehind = async (
  { place, server, before }: Run,
  writers: readonly string[],
): Promise<readonly string[]> => {
  const known = writers.filter((writer) => before.has(writer))
  const here = await commitsHere(
    place.cwd,
    known.map((writer) => tipOf(server, writer)),
  )
  const behind: string[] = []
  for (const writer of known.filter((each) => here.has(tipOf(server, each)))) {
    const [tip, fetched] = [tipOf(server, writer), tipOf(before, writer)]
    if (await isContained(place.cwd, tip, fetched)) behind.push(writer)
  }
  return behind
}

/** Leaves out the ledgers of which the server has less, so that git need not refuse them. */
const withoutOlder = async (run: Run, writers: readonly string[]): Promise<readonly string[]> => {
  const { place, server, before, skipped } = run
  const behind = await findBehind(run, writers)
  if (behind.length === 0) return writers
  // Another sync of this clone can have fetched what was published after the server was asked.
  const now = await listServer(place)
  for (const writer of behind) {
    const [tip, fetched] = [server.get(writer), before.get(writer)]
    if (tip !== fetched && now.get(writer) === tip) skipped.push(older(serverRefOf(writer)))
  }
  return writers.filter((writer) => !behind.includes(writer))
}

/** The ledgers of the server that this clone has not, or not as they are there. */
export const toFetch = (server: Tips, { fetched, own }: LocalLedgers): readonly string[] =>
  [...server].flatMap(([writer, tip]) =>
    fetched.get(writer) === tip || own.get(writer) === tip ? [] : [writer],
  )

type Move = readonly [
  writer: string,
  tips: { readonly from: string | undefined; readonly to: string },
]

/**
 * Moves refs back that now point to something else than a commit: git lets one take the place of a commit without force.
 * Returns their writers.
 */
const refuseNoCommits = async (
  { cwd, tracking, config }: SyncPlace,
  moves: readonly Move[],
): Promise<ReadonlySet<string>> => {
  const commits = await commitsHere(
    cwd,
    moves.map(([, { to }]) => to),
  )
  const others = moves.filter(([, { to }]) => !commits.has(to))
  if (others.length === 0) return new Set()
  const lines = others.map(([writer, { from, to }]) =>
    from === undefined
      ? `delete ${tracking}${writer} ${to}\n`
      : `update ${tracking}${writer} ${from} ${to}\n`,
  )
  const what = { what: 'take back refs of the server that are no ledgers', config }
  await gitText(cwd, ['update-ref', '--stdin'], { ...what, input: lines.join('') })
  return new Set(others.map(([writer]) => writer))
}

/** Ledgers to fetch, what the server has, and what was fetched before. */
type ToFetch = {
  readonly server: Tips
  readonly before: Tips
  readonly writers: readonly string[]
}

/**
 * Fetches ledgers.
 *
 * @throws KittyError `SYNC_OFFLINE`, `SYNC_NO_ACCESS`, `SYNC_INTERRUPTED`, `SYNC_TIMED_OUT`, `DISK_FULL`,
 * `NOT_WRITABLE`, `GIT_FAILED`.
 */
export const fetchLedgers = async (
  place: SyncPlace,
  { server, before, writers }: ToFetch,
): Promise<Fetched> => {
  if (writers.length === 0) return { moved: new Map(), skipped: [] }
  const run: Run = { place, server, before, skipped: [], failures: 0 }
  const wanted = await withoutOlder(run, writers)
  for (let at = 0; at < wanted.length; at += BATCH) {
    await fetchSome(run, wanted.slice(at, at + BATCH))
  }
  const { fetched } = await listLocal(place)
  const moves = [...fetched].flatMap(([writer, to]) => {
    const from = run.before.get(writer)
    return from === to ? [] : [[writer, { from, to }] as const]
  })
  const refused = await refuseNoCommits(place, moves)
  return {
    moved: new Map(moves.filter(([writer]) => !refused.has(writer))),
    skipped: [...run.skipped, ...[...refused].map((writer) => noLedger(serverRefOf(writer)))],
  }
}
