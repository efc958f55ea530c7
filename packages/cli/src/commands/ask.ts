import { OpeningCommand } from '../op/open-command.js'

export class Ask extends OpeningCommand {
  static override description = `\
A question can't have evidence, and only a question can be empty (""). Its record is committed only when
the Op is closed.`
  static override usage = '<%= command.id %> REQUEST [flags] [-- COMMAND ...]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> "Why is the build slow?" --profile researcher-robbie --json',
  ]
  protected override readonly verb = { name: 'ask', mode: 'query' } as const
}
