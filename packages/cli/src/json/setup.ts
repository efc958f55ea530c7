import * as z from 'zod'
import { flag, type Json, oneOf, onlyIf, opIds, success, text } from './fields.js'
import { OP } from './shared.js'

export const CONFIG = z.strictObject({
  root: text('The project root, as an absolute path.'),
  settings: z
    .array(
      z.strictObject({
        name: text('The setting, such as `ops.commit`.'),
        value: z
          .nullable(z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
          .describe('Its value; `null` if it is not set and has no default.'),
        origin: text('`default`, `FILE:LINE`, or the name of a variable.'),
      }),
    )
    .describe('Every setting, and what the environment sets.'),
})
export type ConfigJson = Json<typeof CONFIG>
/** A setting with its effective value and its source. */
export type SettingJson = ConfigJson['settings'][number]

export const HOOKS_CHANGED = z.strictObject({
  result: success(),
  path: text('The settings file of the agent, relative to the project root, with `/`.'),
  changed: flag('Whether the file was changed.'),
})
export type HooksChangedJson = Json<typeof HOOKS_CHANGED>

export const NOTHING = z.strictObject({})
export type NothingJson = Json<typeof NOTHING>

const OPEN_HERE = OP.extend({
  own: onlyIf('this session opened it', z.literal(true).describe('Always `true`.')),
}).meta({ title: 'An open Op', base: OP })
export type OpenHereJson = Json<typeof OPEN_HERE>

export const SESSION_START = z.strictObject({
  open_ops: z.array(OPEN_HERE).describe('The open Ops of this work tree, newest first.'),
  source: onlyIf('the agent names it', text('Why the session starts, such as `resume`.')),
})
export type SessionStartJson = Json<typeof SESSION_START>

export const SESSION_END = z.strictObject({
  left: opIds('The Ops that are now marked as left.'),
})
export type SessionEndJson = Json<typeof SESSION_END>

export const COMPLETION = z.strictObject({
  shell: text('The shell.'),
  script: text('The script.'),
})
export type CompletionJson = Json<typeof COMPLETION>

const summary = () => text('What it does, on one line.')
const listed = () =>
  z.array(
    z.strictObject({
      command: text('Its name, such as `ops list`.'),
      summary: summary(),
      group: oneOf(['Work', 'Records', 'Repository', 'Setup'], 'Its heading in the help.'),
    }),
  )

export const PROGRAM_HELP = z.strictObject({
  program: text('The name of the program.'),
  description: text('What it does.'),
  json_reference: text(
    'The page about the JSON of every command, in the repository of this program.',
  ),
  commands: listed().describe('Every command.'),
})
export type ProgramHelpJson = Json<typeof PROGRAM_HELP>

export const TOPIC_HELP = z.strictObject({
  topic: text('The topic, such as `ops`.'),
  commands: listed().describe('Its commands.'),
})
export type TopicHelpJson = Json<typeof TOPIC_HELP>

const values = () =>
  onlyIf('it takes one of a few values', z.array(z.string()).describe('These values.'))
const required = () => flag('Whether it must be given.')
const repeatable = () => flag('Whether it can be given more than once.')

export const COMMAND_HELP = z.strictObject({
  command: text('Its name, such as `ops list`.'),
  summary: summary(),
  description: onlyIf('there is more to say', text('More about it, in paragraphs.')),
  usage: z.array(z.string()).describe('How to type it.'),
  args: z
    .array(
      z.strictObject({
        arg: text('Its name.'),
        description: text('What it means.'),
        values: values(),
        required: required(),
        repeatable: repeatable(),
      }),
    )
    .describe('Its arguments.'),
  flags: z
    .array(
      z.strictObject({
        flag: text('Its name, with dashes.'),
        short: onlyIf('it has one', text('Its short form, such as `-n`.')),
        summary: text('What it means.'),
        value: onlyIf(
          'it takes a value',
          text('A name for the value. A flag without one is a switch.'),
        ),
        values: values(),
        default: onlyIf(
          'it has one',
          z.union([z.string(), z.number(), z.boolean()]).describe('The default value.'),
        ),
        required: required(),
        repeatable: repeatable(),
      }),
    )
    .describe('Its flags, including those of every command.'),
  examples: z.array(z.string()).describe('Command lines.'),
})
export type CommandHelpJson = Json<typeof COMMAND_HELP>

export const VERSION = z.strictObject({
  name: text('The name of the package.'),
  version: text('Its version.'),
  platform: text('The operating system and the processor, such as `linux-x64`.'),
  node: text('The version of Node.'),
})
export type VersionJson = Json<typeof VERSION>
