import * as z from 'zod'
import { count, type Json, oneOf, onlyIf, opId, text } from './fields.js'
import { OP } from './shared.js'

const lines = (description: string) =>
  z
    .array(z.strictObject({ first: count('The first line.'), last: count('The last line.') }))
    .describe(description)

const FOUND = z.strictObject({
  invocation_id: opId(),
  commit: text('The commit that leads to it.'),
  certainty: oneOf(['linked', 'likely'], 'Whether the Op names the commit.'),
  because: oneOf(
    ['link', 'own-commit', 'patch', 'record'],
    'What leads to it: a link of the Op; its own commit; the same change as in a linked commit that was rebased, amended or squashed; its record, which came with the commit while its linked commits are not in this clone.',
  ),
  op: OP.describe('The Op.'),
})

export const WHY = z.strictObject({
  target: text('What was asked about, as it was typed.'),
  path: onlyIf('it is a file', text('The file, relative to the top of the work tree.')),
  line: onlyIf('a line is asked about', count('The line.')),
  ops: z
    .array(FOUND)
    .describe('The Ops behind it. An Op behind several commits is there for each.'),
  commits: z
    .array(
      z.strictObject({
        sha: text('The commit.'),
        subject: text('The first line of its message.'),
        at: text('When it was made.'),
        lines: onlyIf(
          'it is about a file',
          lines('The lines that come from it, as they are today.'),
        ),
        cut_off: onlyIf(
          'the history of a shallow clone ends there',
          z.literal(true).describe('Always `true`: it could be an older commit.'),
        ),
      }),
    )
    .describe('The commit, or those that the lines come from, in the order of the lines.'),
  uncommitted: onlyIf('lines are not committed', lines('The lines that are not committed.')),
})
export type WhyJson = Json<typeof WHY>
