import { OUTCOMES } from '@kitty/record/vocabulary'
import { boolean, option, string } from '@oclif/core/flags'

/** What an Op can be closed with. */
export const CLOSING_FLAGS = {
  outcome: option({
    options: OUTCOMES,
    required: true,
    summary: `What became of it, honestly: ${OUTCOMES.join(', ')}.`,
    helpValue: 'OUTCOME',
  })(),
  evidence: string({
    summary: 'A file in the project, copied and committed with the Op; or a URL.',
    helpValue: 'FILE',
  }),
  artifact: string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Something the Op made: a path or a URL. May be given again.',
    helpValue: 'PATH',
  }),
  commit: string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'A commit the Op made: an id, or a name such as HEAD. May be given again.',
    helpValue: 'REV',
  }),
  reason: string({
    summary: 'Why it ended so, in a sentence or a few; at most 16 KiB.',
    helpValue: 'TEXT',
  }),
  'require-commit': boolean({ summary: 'Exit 1 where the record was not committed.' }),
  'no-redact': boolean({ summary: 'Take evidence and a reason that seem to hold secrets.' }),
}

/** In words, for both spellings. */
export const CLOSING_DESCRIPTION = `\
A closed record never changes again. It is committed at once, alone, whatever else is staged. Where
git is in the middle of something, it stays pending and is committed with the next Op; that is a
warning, and exit status 0, unless --require-commit is given.

Each close moves HEAD. So a name after --commit, such as HEAD or a branch, stands for its newest commit of
work: one of an Op, or of records alone, is passed over. An id is taken as it is.

At a terminal, and without an id, the only open Op is closed that a person opened here and under which no
command still runs. An agent, and a script, closes an Op by its id only,
or by eight characters of it and more. Closing an Op again with the same outcome changes nothing
and succeeds: the answer may have been lost.`
