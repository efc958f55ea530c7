import * as z from 'zod'
import {
  count,
  flag,
  type Json,
  oneOf,
  onlyIf,
  opId,
  opIds,
  recordPath,
  success,
  text,
} from './fields.js'
import { COMMIT, FINDING, WORK_TREE } from './shared.js'

export const DOCTOR = z.strictObject({
  healthy: flag('Whether nothing but `info` is left.'),
  open_ops: z
    .array(
      z.strictObject({
        invocation_id: opId(),
        profile_id: text('The agent profile that was asked.'),
        started_at: text('When it was opened.'),
        age_hours: z.nullable(z.number()).describe('Its age; `null` if its start cannot be read.'),
        action_taken: oneOf(
          ['none', 'closed_abandoned', 'already_closed'],
          'What `--close-stale` did; `already_closed`: it was closed meanwhile.',
        ),
        work_tree: onlyIf('it was opened in another work tree', WORK_TREE),
      }),
    )
    .describe(
      'The open Ops, oldest first, as they were before `--close-stale`. Of other work trees only those that are out of reach or gone.',
    ),
  findings: z.array(FINDING).describe('What is wrong, worst first, after the fixes.'),
  unchecked: z
    .array(z.string())
    .describe('The ids of the checks that could not run; `findings` says why.'),
  swept: count('How many Ops `--close-stale` closed.'),
  skipped_fresh: count('How many open Ops `--close-stale` left because they are young.'),
  skipped_running: count('How many it left because their command is still running.'),
  threshold_hours: z.number().describe('The age in hours at which an open Op becomes stale.'),
  fixed: z
    .array(
      z.strictObject({
        id: text('The id of the check.'),
        invocation_id: onlyIf('it is about one Op', opId()),
        done: flag('Whether it was fixed; with `--dry-run` always `false`.'),
        message: text('What was done, or why it was not.'),
      }),
    )
    .describe('What `--fix` did, or with `--dry-run` would do.'),
})
export type DoctorJson = Json<typeof DOCTOR>

export const VERIFY = z.strictObject({
  ok: flag('Whether there is no violation.'),
  checked: z
    .strictObject({
      records: count('How many records were checked.'),
      commits: count('How many commits of Ops were checked.'),
    })
    .describe('What was checked.'),
  violations: z
    .array(FINDING)
    .describe('What only damage, a bug or the deletion of a record can cause.'),
  notes: z.array(FINDING).describe('What people are free to do.'),
})
export type VerifyJson = Json<typeof VERIFY>

/** Where the copy of a record can be. */
const SOURCES = ['head', 'intent', 'history', 'ledger'] as const

export const RESTORE = z.strictObject({
  restored: z
    .array(
      z.strictObject({
        invocation_id: opId(),
        path: recordPath(),
        from: oneOf(
          SOURCES,
          'Where it was: in HEAD, in the state folder, in an earlier commit, or in a ledger.',
        ),
        how: oneOf(
          ['created', 'finished'],
          '`created`: the file was missing; `finished`: it had only the beginning of the record.',
        ),
      }),
    )
    .describe('The restored records.'),
  left: z
    .array(
      z.strictObject({
        invocation_id: opId(),
        path: recordPath(),
        from: onlyIf(
          'a copy was found',
          oneOf(SOURCES, 'Where the copy is; the values are those of a restored record.'),
        ),
        code: text('A stable word for why not; `PRESENT` is no failure.'),
        message: text('What happened, in one sentence.'),
        hint: text('What to do; empty if there is nothing.'),
      }),
    )
    .describe('The records that were not restored.'),
})
export type RestoreJson = Json<typeof RESTORE>

export const REINDEX = z.strictObject({
  result: success(),
  rows: count('How many rows the index has.'),
  path: text('The index, relative to the project root, with `/`.'),
})
export type ReindexJson = Json<typeof REINDEX>

export const UNTRACK_INDEX = z.strictObject({
  result: oneOf(['success', 'failure'], '`failure`: the commit failed.'),
  path: text('The index, relative to the project root, with `/`.'),
  commit: COMMIT.describe('The commit; with `earlier` if the branch did not track the index.'),
})
export type UntrackIndexJson = Json<typeof UNTRACK_INDEX>

export const ARCHIVE = z.strictObject({
  result: oneOf(['success', 'failure'], '`failure`: the commit failed, or an Op is blocked.'),
  archived: count('How many Ops were moved; with `--dry-run`, would be moved.'),
  invocation_ids: opIds('Their ids, oldest first.'),
  blocked: opIds('The ids of Ops that stay, because another file is at their path in the archive.'),
  dry_run: flag('Whether `--dry-run` was given.'),
  commit: z.nullable(COMMIT).describe('The commit; `null` if there was nothing to do.'),
})
export type ArchiveJson = Json<typeof ARCHIVE>

const LEDGER = z.strictObject({
  writer: opId('The clone that writes the ledger, a ULID.'),
  ops: onlyIf('without `--dry-run`, or if it is pushed', count('How many Ops are new.')),
  foreign: onlyIf(
    'there are some',
    count('How many new files are not closed records at their own path; they are ignored.'),
  ),
})

export const SYNC = z.strictObject({
  remote: text('The name of the remote.'),
  dry_run: flag('Whether `--dry-run` was given.'),
  pushed: z.array(LEDGER).describe('The ledgers of this clone that were pushed.'),
  fetched: z.array(LEDGER).describe('The ledgers of other clones that came.'),
  skipped: z
    .array(
      z.strictObject({
        ref: text('The ref on the server.'),
        reason: oneOf(
          [
            'damaged',
            'rewritten',
            'older',
            'broken-off',
            'refused',
            'refs-refused',
            'no-access',
            'moved',
            'rewound',
            'not-own',
          ],
          'Why it was left out; only `older` is no failure.',
        ),
        message: text('What happened, in one sentence, with the words of git or the server.'),
        hint: text('What to do.'),
        invocation_ids: onlyIf(
          'the server refuses content',
          opIds('The Ops in the first commit that it refuses.'),
        ),
      }),
    )
    .describe('The ledgers that were not fetched or not pushed.'),
  new_writer: onlyIf(
    'the ledger of this clone has a new name, because another clone writes under the old one',
    z.strictObject({
      from: opId('The writer before.'),
      to: onlyIf('it was taken, not with `--dry-run`', opId('The writer from now on.')),
    }),
  ),
})
export type SyncJson = Json<typeof SYNC>
