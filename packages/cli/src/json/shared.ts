import { CLOSED_BY, OUTCOMES } from '@kitty/record/vocabulary'
import * as z from 'zod'
import {
  amount,
  count,
  flag,
  type Json,
  named,
  oneOf,
  onlyIf,
  opId,
  opIds,
  recordPath,
  text,
} from './fields.js'

const OUTCOMES_READ = [...OUTCOMES, 'unknown'] as const

/** The outcome of a closed Op. */
export const outcome = () =>
  oneOf(OUTCOMES_READ, 'How the Op ended; `unknown` if an older record does not say.')

/** Who closed an Op. */
export const closedBy = () =>
  onlyIf(
    'the record says it, which older ones do not',
    oneOf(
      CLOSED_BY,
      'Who closed it: an agent or a person (`agent`), or `doctor ops --close-stale`.',
    ),
  )

/** What Ops used. */
export const USAGE = named(
  'What Ops used',
  z.strictObject({
    input_tokens: onlyIf('it was reported', amount('The sum of the tokens read.')),
    output_tokens: onlyIf('it was reported', amount('The sum of the tokens written.')),
    cost_usd: onlyIf('it was reported', amount('The sum of the costs, in US dollars.')),
    duration_ms: onlyIf('it was reported', amount('The sum of the times that models took.')),
    models: onlyIf('they were reported', z.array(z.string()).describe('The models, each once.')),
  }),
)

export const OP = named(
  'An Op',
  z.strictObject({
    invocation_id: opId('The id.'),
    status: oneOf(['open', 'closed'], 'Whether it has been closed.'),
    profile_id: text('The agent profile that was asked.'),
    action: text('The kind of work.'),
    actor: onlyIf('the record has it', text('Who does the work.')),
    request_excerpt: onlyIf(
      'there is a request',
      text('The first line of the request, at most 120 characters.'),
    ),
    started_at: text('When it was opened.'),
    outcome: onlyIf('it is closed', outcome()),
    completed_at: onlyIf('it is closed', text('When it was closed.')),
    duration_ms: onlyIf(
      'it is closed and both times can be read',
      count('The time from opening to closing.'),
    ),
    reason_excerpt: onlyIf(
      'there is a reason',
      text('The first line of the reason for the outcome, at most 120 characters.'),
    ),
    mission_id: onlyIf('it has a mission', text('The mission.')),
    wp_id: onlyIf('it has a work package', text('The work package.')),
    usage: onlyIf(
      'its closer reported it: see `ops complete --usage`',
      USAGE.describe('What it used.'),
    ),
    path: recordPath(),
    left: onlyIf(
      'it is open and its session has ended',
      z.boolean().describe('The session ended without closing it.'),
    ),
  }),
)

/** A work tree of the repository. */
export const WORK_TREE = named(
  'A work tree',
  z.strictObject({
    path: onlyIf('it is known', text('Its folder, or its last one, as an absolute path.')),
    root: onlyIf(
      'the project root is not its top',
      text('The project root in it, as an absolute path.'),
    ),
    status: oneOf(
      ['present', 'unreachable', 'gone'],
      'Whether it is here, git knows it but its folder is not here, or it was removed.',
    ),
  }),
)
export type WorkTreeJson = Json<typeof WORK_TREE>

/** The work tree of an Op, if it is another one. */
export const otherWorkTree = () =>
  onlyIf('the Op belongs to another work tree or project root', WORK_TREE.describe('Which one.'))

/** Where the record of an Op is. */
export const places = () =>
  z
    .array(z.enum(['disk', 'head', 'ledger']))
    .describe(
      'Where its record is: on the `disk` here or of `work_tree`, in the commit at `head` here, in a `ledger`; empty if only the state folder has it.',
    )

/** What goes with the places of a record. */
export const PLACE_DETAILS = {
  writer: onlyIf('a ledger has it', opId('The writer of that ledger.')),
  conflict: onlyIf(
    'these places have different bytes for it',
    z.literal(true).describe('Always `true`: what is shown is the first of disk, HEAD, ledger.'),
  ),
}

const hint = () => onlyIf('there is something to do', text('What to do.'))

const LEDGER = named(
  'The result for the ledger',
  z.discriminatedUnion('status', [
    z.strictObject({
      status: z
        .literal('committed')
        .describe(
          'Whether the ledger holds the record; `deferred`: the next completion tries again.',
        ),
      sha: text('The commit of the ledger.'),
    }),
    z.strictObject({
      status: z.literal('deferred'),
      reason: text('A stable word for why not, such as `ledger-rewound`.'),
      message: text('What happened, in one sentence.'),
      hint: hint(),
    }),
    z.strictObject({
      status: z.literal('failed'),
      reason: onlyIf('it is known', text('A stable word for why not, such as `closed-in-ledger`.')),
      message: text('What happened, in one sentence.'),
      hint: hint(),
    }),
  ]),
)

/** The result of the second home of a record. */
const ledger = onlyIf(
  'the ledger is used beside the branch',
  LEDGER.describe('The same for the ledger of this clone.'),
)

export const COMMIT = named(
  'A commit',
  z.discriminatedUnion('status', [
    z.strictObject({
      status: z
        .literal('committed')
        .describe('Whether the record is committed; `deferred`: the next completion tries again.'),
      sha: text('The commit.'),
      earlier: onlyIf(
        'the record was committed before this run',
        z.boolean().describe('Always `true`.'),
      ),
      notes: onlyIf('there are any', z.array(z.string()).describe('Facts about the commit.')),
      ledger,
    }),
    z.strictObject({
      status: z.literal('deferred'),
      reason: text(
        'A stable word for why not, such as `detached-head`; if skipped, `no-repository`, `disabled` or `closed-beside`.',
      ),
      message: text('What happened, in one sentence.'),
      hint: hint(),
      ledger,
    }),
    z.strictObject({
      status: z.literal('refused'),
      code: text('A stable word for the error, such as `PROTECTED_BRANCH`.'),
      message: text('What happened, in one sentence.'),
      hint: hint(),
      ledger,
    }),
    z.strictObject({
      status: z.literal('failed'),
      code: text('A stable word for the error, such as `PROTECTED_BRANCH`.'),
      message: text('What happened, in one sentence.'),
      hint: hint(),
      exit_code: onlyIf('git ended with one', z.int().describe('The exit status of git.')),
      ledger,
    }),
    z.strictObject({
      status: z.literal('skipped'),
      reason: z.enum(['no-repository', 'disabled', 'closed-beside']),
      ledger,
    }),
  ]),
)
export type CommitJson = Json<typeof COMMIT>

const severity = () => oneOf(['error', 'warning', 'info'], 'How bad it is.')

export const PROBLEM = named(
  'A problem of a record',
  z.strictObject({
    line: count('The line; 0 means the whole file.'),
    code: text('A stable word for the problem.'),
    severity: severity(),
    message: text('What is wrong.'),
  }),
)

export const FINDING = named(
  'A finding',
  z.strictObject({
    id: text('The id of the check.'),
    severity: severity(),
    invocation_id: onlyIf('it is about one Op', opId()),
    invocation_ids: onlyIf('it is about several Ops', opIds('The ids of the Ops.')),
    path: onlyIf('it is about a file', text('The file, relative to the project root, with `/`.')),
    root: onlyIf(
      'it is about another store of the repository',
      text('The project root of that store, absolute; `path` is relative to it.'),
    ),
    work_tree: onlyIf('it is about another work tree', WORK_TREE),
    message: text('What is wrong.'),
    fixable: flag('Whether `doctor ops --fix` would fix it now.'),
    commands: z
      .array(z.string())
      .describe(
        'What to run. Of a command that closes an Op, choose the outcome: the others are in brackets at its end.',
      ),
  }),
)
export type FindingJson = Json<typeof FINDING>

/** Why an Op is closed only by its id. */
const HOLDERS = ['running', 'other-session', 'person', 'agent', 'unknown'] as const

const CANDIDATE = named(
  'A candidate',
  z.strictObject({
    ...OP.pick({
      invocation_id: true,
      status: true,
      outcome: true,
      profile_id: true,
      action: true,
      started_at: true,
      request_excerpt: true,
    }).shape,
    work_tree: otherWorkTree(),
    held_by: onlyIf(
      'it is open and can be closed only by its id',
      oneOf(
        HOLDERS,
        'Why: its command is `running`, or another session, a person, an agent, or an `unknown` caller opened it.',
      ),
    ),
  }),
)
export type CandidateJson = Json<typeof CANDIDATE>

export const ERROR = z.strictObject({
  error: z
    .strictObject({
      code: text('A stable word for the error.'),
      message: text('What happened, in one sentence.'),
      hint: text('What to do; empty if there is nothing.'),
    })
    .describe('The error.'),
  candidates: onlyIf(
    'several Ops could be meant',
    z.array(CANDIDATE).describe('At most ten of them, newest first.'),
  ),
  commit: onlyIf(
    '`error.code` is `ALREADY_CLOSED`',
    COMMIT.describe('The attempt to commit the closed record.'),
  ),
})
export type ErrorJson = Json<typeof ERROR>
