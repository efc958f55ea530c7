import { CLOSED_BY, OUTCOMES } from '@kitty/record/vocabulary'
import * as z from 'zod'
import { type Json, onlyIf, opId, recordPath, text } from './fields.js'
import { CLOSED } from './work.js'

// The JSON of the commands that are spelled as in the Python spec-kitty. What only that program knows is `null` or empty.

const unknownHere = () => z.null().describe('Always `null`: only the Python spec-kitty knows it.')

export const DISPATCHED = z.strictObject({
  invocation_id: z.nullable(opId()).describe('The id of the Op; `null` with `--dry-run`.'),
  profile_id: text('The agent profile that is asked.'),
  profile_friendly_name: unknownHere(),
  action: text('The kind of work.'),
  governance_context_text: unknownHere(),
  governance_context_hash: text('The hash of the governance context; empty if there is none.'),
  governance_context_available: z.boolean().describe('Whether there is a governance context.'),
  router_confidence: unknownHere(),
  glossary_observations: z.array(z.string()).max(0).describe('Always empty.'),
  recommendation: unknownHere(),
  empty_charter_fallback: unknownHere(),
  status: z.nullable(z.literal('open')).describe('`open`; `null` with `--dry-run`.'),
  close_contract: z
    .strictObject({
      command: text('The command that closes the Op, without its other flags.'),
      outcomes: z
        .array(z.enum(OUTCOMES))
        .describe('The values that the flag for the outcome takes.'),
      evidence_flag: text('The flag for evidence.'),
      artifact_flag: text('The flag for an artifact.'),
      commit_flag: text('The flag for a commit.'),
    })
    .describe('How to close the Op.'),
  path: onlyIf('the Op was opened', recordPath()),
  dry_run: onlyIf(
    '`--dry-run` is given',
    z.literal(true).describe('Always `true`: nothing was written.'),
  ),
})
export type DispatchedJson = Json<typeof DISPATCHED>

export const DISPATCH_FAILED = z.strictObject({
  error: z.literal('routing_failed').describe('Always `routing_failed`.'),
  error_code: text('The code of the error.'),
  message: text('What happened.'),
  candidates: z.array(z.string()).max(0).describe('Always empty.'),
  suggestion: text('What to do.'),
})
export type DispatchFailedJson = Json<typeof DISPATCH_FAILED>

export const INVOCATIONS = z.array(
  z.strictObject({
    invocation_id: opId(),
    profile_id: text('The agent profile that was asked.'),
    started_at: text('When it was opened.'),
    action: text('The kind of work.'),
    event: z.enum(['started', 'completed']).describe('`completed` if it is closed.'),
    status: z.enum(['open', 'closed']).describe('Whether it has been closed.'),
    outcome: z
      .nullable(z.enum(OUTCOMES))
      .describe('How it ended; `null` if it is open or an older record does not say.'),
    closed_by: z
      .nullable(z.enum(CLOSED_BY))
      .describe('Who closed it; `null` if it is open or an older record does not say.'),
    evidence_ref: z.nullable(z.string()).describe('Its evidence; `null` if it has none.'),
    completed_at: z.nullable(z.string()).describe('When it was closed; `null` if it is open.'),
    path: recordPath(),
  }),
)
export type InvocationsJson = Json<typeof INVOCATIONS>

export const INVOCATION_CLOSED = CLOSED.extend({
  evidence_ref: z.nullable(z.string()).describe('Its evidence; `null` if it has none.'),
  artifact_links: z.array(z.string()).describe('The artifacts, as they were recorded.'),
  commit_link: z.nullable(z.string()).describe('The first linked commit; `null` if there is none.'),
})
export type InvocationClosedJson = Json<typeof INVOCATION_CLOSED>

export const ALREADY_CLOSED = z.strictObject({
  error: z.literal('already_closed').describe('Always `already_closed`.'),
  invocation_id: opId(),
  message: text('What happened.'),
})

export const COMPLETE_FAILED = z.strictObject({
  error: z.literal('complete_failed').describe('Always `complete_failed`.'),
  error_code: text('The code of the error.'),
  message: text('What happened.'),
  suggestion: text('What to do.'),
})
export type CompleteFailedJson = Json<typeof ALREADY_CLOSED> | Json<typeof COMPLETE_FAILED>
