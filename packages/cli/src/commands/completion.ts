import { string } from '@oclif/core/args'
import { BaseCommand, type CommandClass } from '../command/base-command.js'
import type { ProgramName } from '../command/program.js'
import type { CommandResult } from '../command/result.js'
import type { CompletionJson } from '../json/setup.js'

/** Makes the command for some shells. `scriptFor` is passed in, since this module can't import the list of commands. */
export const completionCommand = (
  shells: readonly string[],
  scriptFor: (shell: string, program: ProgramName) => Promise<string>,
): CommandClass =>
  class Completion extends BaseCommand {
    static override description = `\
Prints a script that the shell reads when it starts. It completes commands, their flags, and arguments
that take one of a few values.`
    static override usage = '<%= command.id %> SHELL'
    static override examples = [
      "$ echo 'source <(<%= config.bin %> <%= command.id %> bash)' >> ~/.bashrc",
      "$ echo 'source <(<%= config.bin %> <%= command.id %> zsh)' >> ~/.zshrc",
      '<%= config.bin %> <%= command.id %> fish > ~/.config/fish/completions/<%= config.bin %>.fish',
      '<%= config.bin %> <%= command.id %> powershell >> $PROFILE',
    ]
    static override args = {
      SHELL: string({
        required: true,
        ignoreStdin: true,
        options: [...shells],
        description: 'The shell.',
      }),
    }

    protected override async execute(): Promise<CommandResult<CompletionJson>> {
      const { args } = await this.parse(Completion)
      const script = await scriptFor(args.SHELL, this.config)
      return { json: { shell: args.SHELL, script }, text: () => script }
    }
  }
