import type { CommandClass } from '../command/base-command.js'
import { loadCommand, REGISTRY } from './registry.js'

const commands: CommandClass[] = []
for (const name of REGISTRY.keys()) {
  const command = await loadCommand(name)
  if (command !== undefined) commands.push(command)
}

/** Every command by id, for oclif and for command lines that embed them. */
export const COMMANDS: Readonly<Record<string, CommandClass>> = Object.fromEntries(
  commands.map((command) => [command.id, command]),
)
