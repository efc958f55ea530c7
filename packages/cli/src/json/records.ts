import * as z from 'zod'
import { count, type Json, named, oneOf, onlyIf, opId, recordPath, text } from './fields.js'
import { OP, otherWorkTree, PLACE_DETAILS, PROBLEM, places, USAGE } from './shared.js'

const next = () =>
  onlyIf('there are more', opId('The cursor for the Ops after these, for `--after`.'))

const LISTED = OP.extend({
  work_tree: otherWorkTree(),
  in: onlyIf('`--all` is given', places()),
  ...PLACE_DETAILS,
}).meta({ title: 'A listed Op', base: OP })

export const LIST = z.strictObject({
  ops: z.array(LISTED).describe('The Ops, newest first: the order of their ids.'),
  usage: onlyIf('an Op of this list has it', USAGE.describe('The sum of what these Ops used.')),
  next: next(),
})
export type ListJson = Json<typeof LIST>

export const TIMELINE = z.strictObject({
  from: z.nullable(z.string()).describe('When the first Op was opened; `null` if there is none.'),
  until: z
    .nullable(z.string())
    .describe('When the last Op was closed, or now if one is open; `null` if there is none.'),
  groups: z
    .array(
      z.strictObject({
        mission_id: onlyIf('these Ops have a mission', text('The mission.')),
        wp_id: onlyIf('these Ops have a work package', text('The work package.')),
        ops: z.array(OP).describe('Its Ops, earliest first.'),
      }),
    )
    .describe('The Ops by mission and work package, earliest first.'),
  next: next(),
})
export type TimelineJson = Json<typeof TIMELINE>

const DAMAGED = named(
  'An Op without a readable start',
  z.strictObject({
    invocation_id: onlyIf('the record or its name has it', opId('The id.')),
    status: oneOf(['closed', 'unreadable'], '`closed` if the record has an end.'),
    path: recordPath(),
  }),
)

/** An event as the record has it; `ops schema` describes it. */
const EVENT = z.looseObject({ event: text('What happened, such as `started`.') })

export const SHOW = z.strictObject({
  op: z.union([OP, DAMAGED]).describe('The Op.'),
  work_tree: otherWorkTree(),
  in: places(),
  ...PLACE_DETAILS,
  events: z
    .array(EVENT)
    .describe('Every readable event of the record, unchanged: see [the format](format.md).'),
  problems: z.array(PROBLEM).describe('What is wrong with the record, by line.'),
  commit: z
    .nullable(
      z.strictObject({
        sha: text('The newest commit that changed the record: in HEAD, else on another branch.'),
        subject: text('The first line of its message.'),
        branch: onlyIf('a branch has it', text('The checked-out branch, or another that has it.')),
      }),
    )
    .describe('The commit; `null` if there is none, or if git failed.'),
})
export type ShowJson = Json<typeof SHOW>

export const REPORT = z.strictObject({
  path: onlyIf('a file was written', text('The file, as an absolute path.')),
  markdown: onlyIf('the format is `markdown` and no file is named', text('The Markdown.')),
  ops: count('How many Ops it is about.'),
  bytes: count('Its size.'),
  left_out: onlyIf('they do not fit', count('How many of these Ops Markdown leaves out.')),
})
export type ReportJson = Json<typeof REPORT>

export const VALIDATE = z.strictObject({
  files: z
    .array(
      z.strictObject({
        path: text('The file, as it was named or found; `-` is standard input.'),
        status: oneOf(['open', 'closed', 'unreadable'], 'The state of its Op.'),
        problems: z.array(PROBLEM).describe('What is wrong with it, by line.'),
      }),
    )
    .describe('Every file that was checked.'),
  valid: count('How many files have no error.'),
  invalid: count('How many files have one.'),
})
export type ValidateJson = Json<typeof VALIDATE>

export const SCHEMA = z
  .looseObject({
    $schema: text('The version of JSON Schema: draft 2020-12.'),
    title: text('What it describes.'),
  })
  .describe('A JSON Schema, with all of its other keys.')
export type SchemaJson = { readonly [key: string]: unknown }
