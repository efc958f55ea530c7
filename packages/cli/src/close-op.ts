import { resolve } from 'node:path'
import type { Outcome } from '@kitty/record'
import type { Closing } from '@kitty/writer'
import { closedJson, closedNotes, commitStatus } from './closed.js'
import { compose } from './compose.js'
import { given } from './given.js'
import type { Io } from './io.js'
import { closedText } from './render/closed.js'
import type { Report } from './report.js'

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

/** Closes the Op that an id, or the beginning of one, stands for. */
export const closeOp = async (id: string, flags: ClosingFlags, io: Io): Promise<Report> => {
  const project = await compose(io, flags)
  const ops = await project.open('closing')
  const closed = await ops.complete(await ops.resolveId(id), closingOf(flags, io.cwd))
  return {
    json: closedJson(closed),
    text: (style) => closedText(closed, style),
    notes: closedNotes(closed),
    exitStatus: commitStatus(closed.commit, flags['require-commit']),
  }
}
