import * as z from 'zod'
import { count, flag, type Json, oneOf, onlyIf, opId, opIds, success, text } from './fields.js'
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

const hookPath = () =>
  text('The file, relative to the project root with `/`; with `--user`, absolute.')

export const HOOKS_CHANGED = z.strictObject({
  result: success(),
  path: text(
    'The settings file of the agent, relative to the project root with `/`; with `--user`, absolute.',
  ),
  changed: flag('Whether any file was changed.'),
  files: z
    .array(z.strictObject({ path: hookPath(), changed: flag('Whether it was changed.') }))
    .describe('The settings file, then the files with instructions.'),
})
export type HooksChangedJson = Json<typeof HOOKS_CHANGED>

export const HOOKS_STATUS = z.strictObject({
  runs: flag(
    'Whether a shell finds on the PATH what the hooks start; without hooks, this program.',
  ),
  agents: z
    .array(
      z.strictObject({
        agent: text('The agent.'),
        scope: oneOf(['project', 'user'], 'Whether it is installed for the project or the user.'),
        path: hookPath(),
        events: z.array(z.string()).describe('The installed events, by our names.'),
        programs: z.array(text('A name.')).describe('The programs that the hooks start.'),
        capture: flag('Whether prompts and sub-agents are captured.'),
        instructions: z.array(z.string()).describe('The files with instructions.'),
        problem: onlyIf('the settings file cannot be read', text('Why.')),
      }),
    )
    .describe('What is installed. An agent without anything is left out.'),
})
export type HooksStatusJson = Json<typeof HOOKS_STATUS>

export const UNINSTALL = z.strictObject({
  result: success(),
  dry_run: flag('Whether `--dry-run` was given, so that nothing was removed.'),
  hooks: z.array(z.string()).describe('The files of agents that were restored, edited or deleted.'),
  exclude_lines: count('How many lines were taken out of `info/exclude`.'),
  folders: z.array(z.string()).describe('The folders with state, as absolute paths.'),
  refs: z.array(z.string()).describe('The refs of ledgers.'),
  indexes: z
    .array(z.string())
    .describe('The indexes of records that git does not track, as absolute paths.'),
  unsettled: opIds('The Ops that are open or, in git, not committed.'),
  only_in_ledger: opIds('The Ops that only a ledger of this clone has.'),
})
export type UninstallJson = Json<typeof UNINSTALL>

export const NOTHING = z.strictObject({})
export type NothingJson = Json<typeof NOTHING>

const OPEN_HERE = OP.extend({
  own: onlyIf('this session opened it', z.literal(true).describe('Always `true`.')),
}).meta({ title: 'An open Op', base: OP })
export type OpenHereJson = Json<typeof OPEN_HERE>

export const SESSION_START = z.strictObject({
  open_ops: z.array(OPEN_HERE).describe('The open Ops of this work tree, newest first.'),
  instructions: onlyIf('the project has no Ops', text('What an agent must know.')),
  source: onlyIf('the agent names it', text('Why the session starts, such as `resume`.')),
})
export type SessionStartJson = Json<typeof SESSION_START>

export const SESSION_END = z.strictObject({
  left: opIds('The Ops that are now marked as left.'),
})
export type SessionEndJson = Json<typeof SESSION_END>

export const CAPTURED = z.strictObject({
  opened: opId('The Op that was opened for the prompt.'),
})
export type CapturedJson = Json<typeof CAPTURED>

export const SUBAGENT = z.strictObject({
  session: text('The key of the sub-agent, for `--session`.'),
  opened: onlyIf('the sub-agent is captured', opId('Its Op.')),
})
export type SubagentJson = Json<typeof SUBAGENT>

export const STOP_HELD = z.strictObject({
  held: opIds('The open Ops that the turn is held for.'),
})
export type StopHeldJson = Json<typeof STOP_HELD>

export const AGENT_INSTRUCTIONS = z.strictObject({
  instructions: text('The instructions, as Markdown.'),
})
export type AgentInstructionsJson = Json<typeof AGENT_INSTRUCTIONS>

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
