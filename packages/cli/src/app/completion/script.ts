import type { ProgramName } from '../../command/program.js'
import { bash } from './bash.js'
import { fish } from './fish.js'
import { type Commands, type CompletionModel, completionModel } from './model.js'
import { powershell } from './powershell.js'
import { zsh } from './zsh.js'

/** Makes the script for each shell. */
const SCRIPTS: Readonly<Record<string, (model: CompletionModel) => string>> = {
  bash,
  zsh,
  fish,
  powershell,
}

/** The shells that have a script. */
export const SHELLS: readonly string[] = Object.keys(SCRIPTS)

/** The script that makes a shell complete the commands of a program. Empty for an unknown shell. */
export const completionScript = async (
  shell: string,
  program: ProgramName,
  commands: Commands,
): Promise<string> => SCRIPTS[shell]?.(await completionModel(program, commands)) ?? ''
