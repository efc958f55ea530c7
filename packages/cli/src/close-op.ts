import { KittyError, type OpId, type Outcome } from '@kitty/record'
import type { Closing, Ops } from '@kitty/writer'
import { type OpenOp, openButHeld, resolveTyped, severalOpen } from './candidates.js'
import { closedJson, closedNotes, commitStatus } from './closed.js'
import { linkedArtifact, linkedCommit, located } from './closing-links.js'
import { compose } from './compose.js'
import { given } from './given.js'
import type { Io } from './io.js'
import { openHere } from './open-here.js'
import { closedText } from './render/closed.js'
import type { Note, Report } from './report.js'
import { heldBy } from './session-ops.js'

/** The flags that say how an Op is closed. */
export type ClosingFlags = {
  readonly root?: string | undefined
  readonly outcome: Outcome
  readonly evidence?: string | undefined
  readonly artifact?: readonly string[] | undefined
  readonly commit?: readonly string[] | undefined
  readonly 'require-commit': boolean
  readonly 'no-redact': boolean
}

type Asked = { readonly closing: Closing; readonly warnings: readonly string[] }

const closingOf = async (flags: ClosingFlags, cwd: string, root: string): Promise<Asked> => {
  const artifacts = flags.artifact?.map((artifact) => linkedArtifact(artifact, cwd))
  const typed = flags.commit?.map((commit) => linkedCommit(commit, root))
  const commits = typed && (await Promise.all(typed))
  const values = given({
    evidence: flags.evidence === undefined ? undefined : located(flags.evidence, cwd),
    artifacts: artifacts?.map(({ value }) => value),
    commits: commits?.map(({ value }) => value),
    redact: flags['no-redact'] ? false : undefined,
  })
  const links = [...(artifacts ?? []), ...(commits ?? [])]
  const warnings = links.flatMap(({ warning }) => warning ?? [])
  return { closing: { outcome: flags.outcome, ...values }, warnings }
}

const nothingOpen = (): KittyError =>
  new KittyError('NOTHING_OPEN', 'No Op is open here.', {
    hint: 'Open one with: spec-kitty do "what is to be done"',
  })

/** The only open Op that nobody else is known to be at work on. */
const onlyOpen = async (ops: Ops, session: string | undefined): Promise<OpId> => {
  const open: OpenOp[] = []
  for (const op of await openHere(ops)) {
    open.push({ op, held: await heldBy(ops, op.invocation_id, session) })
  }
  if (open.length === 0) throw nothingOpen()
  const [only, second] = open.filter(({ held }) => held === undefined)
  if (only === undefined) throw openButHeld(open)
  if (second !== undefined) throw severalOpen(open)
  return only.op.invocation_id
}

const STILL_RUNS = 'The command of this Op may still be running; its Op was closed all the same.'

/**
 * Closes the Op that an id, or the beginning of one, stands for; without one, the only open Op that no
 * command still runs under and no other session has opened.
 */
export const closeOp = async (
  typed: string | undefined,
  flags: ClosingFlags,
  io: Io,
): Promise<Report> => {
  const project = await compose(io, flags)
  const ops = await project.open('closing')
  const { session } = project.environment
  const id = await (typed === undefined ? onlyOpen(ops, session) : resolveTyped(ops, typed))
  const runs = (await heldBy(ops, id, session)) === 'running'
  const { closing, warnings } = await closingOf(flags, io.cwd, project.root)
  const closed = await ops.complete(id, closing)
  const told = [...(runs ? [STILL_RUNS] : []), ...warnings]
  return {
    json: closedJson({ ...closed, notes: [...told, ...closed.notes] }),
    text: (style) => closedText(closed, style),
    notes: [...told.map((message): Note => ({ kind: 'warning', message })), ...closedNotes(closed)],
    exitStatus: commitStatus(closed.commit, flags['require-commit']),
  }
}
