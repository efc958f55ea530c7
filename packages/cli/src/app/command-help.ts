import { CommandHelp } from '@oclif/core/help'
import type { CommandClass } from '../command/base-command.js'
import { LeanConfig } from '../command/oclif-config.js'
import { descriptionOf } from './description.js'

/** The format of help. */
export type HelpStyle = {
  /** With escape sequences. */
  readonly coloured: boolean
  /** In columns. */
  readonly width: number
}

const named = <T extends object>(
  things: Readonly<Record<string, T>>,
): Record<string, T & { name: string }> =>
  Object.fromEntries(Object.entries(things).map(([name, thing]) => [name, { ...thing, name }]))

/** The help for one command. */
export const commandHelp = (command: CommandClass, style: HelpStyle): string => {
  const described = {
    aliases: [],
    args: named(command.args),
    description: descriptionOf(command),
    examples: command.examples,
    flags: named({ ...command.flags, ...command.baseFlags }),
    hidden: false,
    hiddenAliases: [],
    id: command.id.replaceAll(':', ' '),
    load: async () => command,
    usage: command.usage,
  }
  const options = {
    flagSortOrder: 'none' as const,
    maxWidth: style.width,
    stripAnsi: !style.coloured,
  }
  const text = new CommandHelp(described, new LeanConfig(), options).generate()
  return `${command.summary ?? ''}\n\n${text}\n`
}
