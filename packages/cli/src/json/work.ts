import { MODES_OF_WORK, OUTCOMES } from '@kitty/record/vocabulary'
import * as z from 'zod'
import { count, flag, type Json, onlyIf, opId, recordPath, success, text } from './fields.js'
import { COMMIT, closedBy, otherWorkTree, outcome } from './shared.js'

const redacted = () =>
  onlyIf('a secret was redacted', count('How many secrets in the request were replaced.'))

const GOVERNANCE = {
  governance_context_hash: text('The hash of the governance context; empty if there is none.'),
  governance_context_available: flag('Whether there is a governance context.'),
}

const openingFields = {
  profile_id: text('The agent profile that is asked.'),
  action: text('The kind of work.'),
  path: recordPath(),
  ...GOVERNANCE,
  redacted: redacted(),
}

export const OPENED = z.strictObject({
  invocation_id: opId(),
  status: z.literal('open').describe('Always `open`.'),
  ...openingFields,
  close_contract: z
    .strictObject({
      command: text('The command that closes the Op, without its flags.'),
      outcome_flag: text('The flag for the outcome.'),
      outcomes: z
        .array(z.enum(OUTCOMES))
        .describe('The values that the flag for the outcome takes.'),
      evidence_flag: onlyIf('the mode of work takes evidence', text('The flag for evidence.')),
      artifact_flag: text('The flag for an artifact.'),
      commit_flag: text('The flag for a commit.'),
      reason_flag: text('The flag for a reason.'),
    })
    .describe('How to close the Op.'),
})
export type OpenedJson = Json<typeof OPENED>

const closingFields = {
  outcome: outcome(),
  closed_by: closedBy(),
  path: recordPath(),
  already: onlyIf(
    'the Op had been closed before in the same way',
    z.literal(true).describe('Always `true`: nothing was changed.'),
  ),
  commit: COMMIT.describe('The commit of the record.'),
  state: onlyIf(
    'the git directory cannot be found or written and the Op is not committed',
    z
      .literal('in-work-tree')
      .describe('Always `in-work-tree`: only this work tree has the Op, which is lost with it.'),
  ),
  notes: onlyIf('there are any', z.array(z.string()).describe('Facts about the close.')),
}

const linkedCommits = () =>
  onlyIf(
    'commits are linked: see `--link-commits`',
    z.array(z.string()).describe('The commits of work since the Op was opened, oldest first.'),
  )

export const CLOSED = z.strictObject({
  result: success(),
  invocation_id: opId(),
  work_tree: otherWorkTree(),
  ...closingFields,
  linked_commits: linkedCommits(),
})
export type ClosedJson = Json<typeof CLOSED>

export const RAN = z.strictObject({
  invocation_id: opId(),
  status: z.literal('closed').describe('Always `closed`.'),
  ...openingFields,
  result: success(),
  work_tree: otherWorkTree(),
  ...closingFields,
  command: z
    .strictObject({
      exit_status: z.int().describe('Its exit status.'),
      signal: onlyIf('a signal ended it', text('The signal, such as `SIGINT`.')),
    })
    .describe('How the command ended.'),
  linked_commits: linkedCommits(),
})
export type RanJson = Json<typeof RAN>

export const PLANNED = z.strictObject({
  dry_run: z.literal(true).describe('Always `true`: nothing was written.'),
  profile_id: text('The agent profile that would be asked.'),
  action: text('The kind of work.'),
  request_text: text('The request, without its secrets.'),
  actor: text('Who would do the work.'),
  mode_of_work: z.enum(MODES_OF_WORK).describe('The mode of work.'),
  ...GOVERNANCE,
  started_at: text('The time of this run.'),
  mission_id: onlyIf('it has a mission', text('The mission.')),
  wp_id: onlyIf('it has a work package', text('The work package.')),
  model_id: onlyIf('`--model` is given', text('The language model.')),
  redacted: redacted(),
  command: onlyIf(
    'a COMMAND is given',
    z.array(z.string()).describe('The command that would run, and its arguments.'),
  ),
})
export type PlannedJson = Json<typeof PLANNED>
