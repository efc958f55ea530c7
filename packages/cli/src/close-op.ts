import { resolve } from 'node:path'
import { KittyError, type OpId, type Outcome } from '@kitty/record'
import type { Closing, Ops } from '@kitty/writer'
import { type OpenOp, openButHeld, resolveTyped, severalOpen } from './candidates.js'
import { closedJson, closedNotes, commitStatus } from './closed.js'
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

const URL_LIKE = /^[a-z][a-z0-9+.-]*:\/\//i

/** A path is meant from where the person stands, not from the root. */
const located = (reference: string, cwd: string): string =>
  URL_LIKE.test(reference) ? reference : resolve(cwd, reference)

const closingOf = (flags: ClosingFlags, cwd: string): Closing => ({
  outcome: flags.outcome,
  ...given({
    evidence: flags.evidence === undefined ? undefined : located(flags.evidence, cwd),
    artifacts: flags.artifact?.map((artifact) => located(artifact, cwd)),
    commits: flags.commit?.map((sha) => sha.toLowerCase()),
    redact: flags['no-redact'] ? false : undefined,
  }),
})

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

const STILL_RUNS: Note = {
  kind: 'warning',
  message: 'The command of this Op may still be running; its Op was closed all the same.',
}

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
  const closed = await ops.complete(id, closingOf(flags, io.cwd))
  return {
    json: closedJson(closed),
    text: (style) => closedText(closed, style),
    notes: [...(runs ? [STILL_RUNS] : []), ...closedNotes(closed)],
    exitStatus: commitStatus(closed.commit, flags['require-commit']),
  }
}
