import { string } from '@oclif/core/args'
import { option } from '@oclif/core/flags'
import { BaseCommand, type CommandClass } from '../command/base-command.js'
import type { ProgramName } from '../command/program.js'
import type { CommandResult } from '../command/result.js'
import { OP_ID_KINDS, type OpIdKind } from '../find/op-id-kinds.js'
import type { CompletionJson } from '../json/setup.js'
import { openProject } from '../project/project.js'

export type { OpIdKind }

/** Makes the command for some shells. `scriptFor` is passed in, since this module can't import the list of commands. */
export const completionCommand = (
  shells: readonly string[],
  scriptFor: (shell: string, program: ProgramName) => Promise<string>,
): CommandClass =>
  class Completion extends BaseCommand {
    static override description = `\
Prints a script that completes commands, flags, the values of flags, files and folders, and the ids of
Ops. After "do REQUEST --", it completes the command as the shell does. Run one of the examples once,
then start a new shell. For ids, the script runs this program, which must be on the PATH.`
    static override usage = '<%= command.id %> SHELL'
    static override examples = [
      `$ echo 'eval "$(<%= config.bin %> <%= command.id %> bash)"' >> ~/.bashrc`,
      `$ echo 'eval "$(<%= config.bin %> <%= command.id %> zsh)"' >> ~/.zshrc`,
      `$ echo '<%= config.bin %> <%= command.id %> fish | source' >> ~/.config/fish/config.fish`,
      `$ echo '<%= config.bin %> <%= command.id %> powershell | Out-String | iex' >> $PROFILE`,
    ]
    static override args = {
      SHELL: string({
        required: true,
        ignoreStdin: true,
        options: [...shells],
        description: 'The shell.',
      }),
    }
    static override flags = {
      ids: option({
        options: OP_ID_KINDS,
        hidden: true,
        summary: 'Print ids of Ops for the script instead.',
      })(),
    }

    protected override async execute(): Promise<CommandResult<CompletionJson>> {
      const { args, flags } = await this.parse(Completion)
      const printed =
        flags.ids === undefined
          ? await scriptFor(args.SHELL, this.config)
          : await this.#ids(flags.ids, flags)
      return { json: { shell: args.SHELL, script: printed }, text: () => printed }
    }

    async #ids(kind: OpIdKind, flags: { root?: string | undefined }): Promise<string> {
      const { completedIds } = await import('../find/completed-ids.js')
      const ops = await (await openProject(this.io, flags)).open('reading')
      return completedIds(ops, kind, this.io.clock())
    }
  }
