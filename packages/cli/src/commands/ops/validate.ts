import { string } from '@oclif/core/args'
import { BaseCommand } from '../../command/base-command.js'
import type { Report } from '../../command/result.js'
import { validateAll } from './validate-files.js'
import { validationText } from './validate-text.js'

export class OpsValidate extends BaseCommand {
  static override description = `\
A folder stands for the records in it, archived ones included. Without FILE, or for the file -, standard
input is read. Warnings and notes make no record invalid. The files in kitty-ops/ that are no records are
left out.`
  static override usage = 'ops validate [FILE...] [--json]'
  static override examples = [
    '<%= config.bin %> ops validate kitty-ops',
    '$ git show HEAD:kitty-ops/01K6ZP4W3M8Q2V5X7Y9A1B3C5D.jsonl | <%= config.bin %> ops validate',
  ]
  static override args = {
    FILE: string({
      multiple: true,
      ignoreStdin: true,
      description: 'Record files, folders of them, or - .',
    }),
  }

  protected override async report(): Promise<Report> {
    const { args } = await this.parse(OpsValidate)
    const { files, notes } = await validateAll(args.FILE ?? ['-'], this.io)
    const invalid = files.filter((file) => !file.valid).length
    return {
      json: {
        files: files.map(({ path, status, problems }) => ({ path, status, problems })),
        valid: files.length - invalid,
        invalid,
      },
      text: (style) => validationText(files, style),
      notes: notes.map((message) => ({ kind: 'note', message })),
      exitStatus: invalid === 0 ? 0 : 1,
    }
  }
}
