import { OUTCOMES } from '@kitty/record/vocabulary'
import { boolean, option, string } from '@oclif/core/flags'

/** The flags that close an Op. */
export const CLOSING_FLAGS = {
  outcome: option({
    options: OUTCOMES,
    required: true,
    summary: `The real outcome: ${OUTCOMES.join(', ')}.`,
    helpValue: 'OUTCOME',
  })(),
  evidence: string({
    summary: 'A URL, or a file in the project that is copied and committed with the Op.',
    helpValue: 'FILE',
  }),
  artifact: string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'A path or URL that the Op produced. Can be repeated.',
    helpValue: 'PATH',
  }),
  commit: string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'A commit that the Op made: an id, or a name such as HEAD. Can be repeated.',
    helpValue: 'REV',
  }),
  'link-commits': boolean({
    summary: 'Link the commits made since the Op was opened. Default: ops.link_commits.',
  }),
  reason: string({
    summary: 'The reason for the outcome; at most 16 KiB.',
    helpValue: 'TEXT',
  }),
  usage: string({
    multiple: true,
    multipleNonGreedy: true,
    summary:
      'What the Op used: model, input_tokens, output_tokens, cost_usd, duration_ms. Can be repeated.',
    helpValue: 'JSON',
  }),
  'require-commit': boolean({ summary: 'Exit with 1 if the record was not committed.' }),
  'no-redact': boolean({
    summary: 'Keep text that looks like a secret in the evidence, links and reason.',
  }),
}

/** The description of the command that closes an Op. */
export const CLOSING_DESCRIPTION = `\
A closed record never changes. It is committed at once, in a commit of its own, whatever else is
staged. If git is in the middle of an operation such as a rebase, the Op stays pending and is committed
with the next one. That is a warning, and the exit status is 0 unless --require-commit is given.

The record is also kept in the ledger, outside every branch, unless ops.ledger is false. So an Op is
not lost if its commit to the branch is refused or deferred. --require-commit is about the branch, or with ops.commit: ledger
about the ledger.

Each close moves HEAD. After --commit, a name such as HEAD or a branch therefore means the newest commit
of work there: commits of Ops, and commits of records alone, are skipped. An id is used as it is.

With --link-commits, or ops.link_commits: true, the commits that were made in this work tree since the Op was
opened are linked too, at most the newest 50. Commits of Ops and of records alone are left out, and so are commits
that a pull brought, that are older than the Op, or that a rebase only rewrote.

If no Op here has the id, the other work trees of the repository are searched, and the Op is closed in the
one that it was opened in. If that work tree was removed, the Op is closed in the ledger or, without a
ledger, in kitty-ops/ here; if it is out of reach, in kitty-ops/ here.

Without an id, a person at a terminal closes the only open Op that a person opened here and whose
command is not running; with @last, the newest such Op. Agents and scripts must give an id, or a prefix or
ending of at least eight characters.
If the answer to a close was lost, close the Op again with the same outcome: that succeeds and changes
nothing.`
