import { OpeningCommand } from '../op/open-command.js'

export class Advise extends OpeningCommand {
  static override description = `\
Advice can't have evidence. Its record is committed only when the Op is closed.`
  static override usage = '<%= command.id %> REQUEST [flags] [-- COMMAND ...]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> "Which of the two designs?" --profile architect-alphonso',
  ]
  protected override readonly verb = { name: 'advise', mode: 'advisory' } as const
}
