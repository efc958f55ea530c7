import { OpeningCommand } from '../op/open-command.js'

export class Advise extends OpeningCommand {
  static override description = `\
Advice takes no evidence when it is closed. The record is in no commit before that.`
  static override usage = 'advise REQUEST [flags] [-- COMMAND ...]'
  static override examples = [
    '<%= config.bin %> advise "Which of the two designs?" --profile architect-alphonso',
  ]
  protected override readonly verb = { name: 'advise', mode: 'advisory' } as const
}
