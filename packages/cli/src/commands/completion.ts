import { string } from '@oclif/core/args'
import { BaseCommand, type CommandClass } from '../command/base-command.js'
import type { CommandResult } from '../command/result.js'

/** The command, for these shells; `scriptFor` knows all commands, which are above this one. */
export const completionCommand = (
  shells: readonly string[],
  scriptFor: (shell: string) => Promise<string>,
): CommandClass =>
  class Completion extends BaseCommand {
    static override description = `\
Prints a script for the shell to read at its start. It knows every command, its flags and its choices.`
    static override usage = 'completion SHELL'
    static override examples = [
      "$ echo 'source <(spec-kitty completion bash)' >> ~/.bashrc",
      "$ echo 'source <(spec-kitty completion zsh)' >> ~/.zshrc",
      '<%= config.bin %> completion fish > ~/.config/fish/completions/spec-kitty.fish',
      '<%= config.bin %> completion powershell >> $PROFILE',
    ]
    static override args = {
      SHELL: string({
        required: true,
        ignoreStdin: true,
        options: [...shells],
        description: 'Which shell.',
      }),
    }

    protected override async execute(): Promise<CommandResult> {
      const { args } = await this.parse(Completion)
      const script = await scriptFor(args.SHELL)
      return { json: { shell: args.SHELL, script }, text: () => script }
    }
  }
