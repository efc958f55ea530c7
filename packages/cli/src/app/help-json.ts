import type { CommandClass } from '../command/base-command.js'
import { definedFields } from '../command/defined.js'
import type { CommandHelpJson, ProgramHelpJson, TopicHelpJson } from '../json/setup.js'
import { DESCRIPTION, SPEC_KITTY } from '../package-info.js'
import { descriptionOf } from './description.js'
import { loadCommand, REGISTRY } from './registry.js'

const LISTED = [...REGISTRY].map(([command, { summary, group }]) => ({ command, summary, group }))

const valueName = (helpValue: unknown, name: string): string =>
  typeof helpValue === 'string' ? helpValue : name.toUpperCase()

const flagsOf = ({ flags, baseFlags }: CommandClass): CommandHelpJson['flags'] =>
  Object.entries({ ...flags, ...baseFlags })
    .filter(([, { hidden }]) => hidden !== true)
    .map(([name, flag]) => ({
      flag: `--${name}`,
      summary: flag.summary ?? '',
      ...definedFields({
        short: flag.char && `-${flag.char}`,
        value: flag.type === 'option' ? valueName(flag.helpValue, name) : undefined,
        values: 'options' in flag ? flag.options : undefined,
      }),
      required: flag.required === true,
      repeatable: 'multiple' in flag && flag.multiple === true,
    }))

const argsOf = ({ args }: CommandClass): CommandHelpJson['args'] =>
  Object.entries(args).map(([name, arg]) => ({
    arg: name,
    description: arg.description ?? '',
    ...definedFields({ values: arg.options }),
    required: arg.required === true,
    repeatable: arg.multiple === true,
  }))

/** The texts of an oclif list, with the names of the program and of the command. */
const texts = (list: unknown, command: string): readonly string[] =>
  [list]
    .flat()
    .filter((text) => typeof text === 'string')
    .map((text) =>
      text
        .replaceAll('<%= config.bin %>', SPEC_KITTY.bin)
        .replaceAll('<%= command.id %>', command)
        .replace(/^\$ /, ''),
    )

const commandJson = (command: CommandClass): CommandHelpJson => {
  const name = command.id.replaceAll(':', ' ')
  return {
    command: name,
    summary: command.summary ?? '',
    ...definedFields({ description: descriptionOf(command) }),
    usage: texts(command.usage, name).map((usage) => `${SPEC_KITTY.bin} ${usage}`),
    args: argsOf(command),
    flags: flagsOf(command),
    examples: texts(command.examples, name),
  }
}

/** The help for a command, for a topic such as `ops`, or for the program if `name` is `undefined`, for programs. */
export const helpJson = async (
  name: string | undefined,
): Promise<ProgramHelpJson | TopicHelpJson | CommandHelpJson> => {
  if (name === undefined) {
    return {
      program: SPEC_KITTY.bin,
      description: DESCRIPTION,
      json_reference: 'docs/json.md',
      commands: LISTED,
    }
  }
  const command = await loadCommand(name)
  if (command !== undefined) return commandJson(command)
  return { topic: name, commands: LISTED.filter((each) => each.command.startsWith(`${name} `)) }
}
