import { BaseCommand } from '../../command/base-command.js'
import type { CommandResult } from '../../command/result.js'

export class OpsSchema extends BaseCommand {
  static override description = `\
JSON Schema, draft 2020-12. It accepts what the reader accepts, including older records, unknown events
and unknown fields.`
  static override usage = '<%= command.id %> [--json]'
  static override examples = ['<%= config.bin %> <%= command.id %> > op-line.schema.json']

  protected override async execute(): Promise<CommandResult> {
    await this.parse(OpsSchema)
    const { opLineJsonSchema } = await import('@kitty/record/schemas')
    const schema = opLineJsonSchema()
    return { json: schema, text: () => `${JSON.stringify(schema, undefined, 2)}\n` }
  }
}
