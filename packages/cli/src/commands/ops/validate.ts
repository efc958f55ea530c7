import { string } from '@oclif/core/args'
import { BaseCommand } from '../../command/base-command.js'
import type { CommandResult } from '../../command/result.js'
import type { ValidateJson } from '../../json/records.js'
import { printableLine } from '../../terminal/printable.js'
import { problemLine } from '../../terminal/problem.js'
import type { Style } from '../../terminal/style.js'
import { type Validation, validateAll, validateInput } from './validate-files.js'

const fileText = ({ path, status, problems, valid }: Validation, style: Style): string => {
  const verdict = valid ? style.green('valid') : style.red('invalid')
  const lines = problems.map((problem) => `  ${problemLine(problem, style)}\n`)
  return `${verdict}  ${printableLine(path)} (${status})\n${lines.join('')}`
}

/** Each file with its problems, then the totals. */
const validationText = (files: readonly Validation[], style: Style): string => {
  const valid = files.filter((file) => file.valid).length
  const sum = `${valid} valid, ${files.length - valid} invalid\n`
  return files.map((file) => fileText(file, style)).join('') + sum
}

export class OpsValidate extends BaseCommand {
  static override description = `\
A folder means the records in it, including archived ones; other files in kitty-ops/ are skipped. Without
FILE, or with -, standard input is read; without FILE, only if it sends something. Warnings and notes don't make a record invalid.`
  static override usage = '<%= command.id %> [FILE...] [--json]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> kitty-ops',
    '$ git show HEAD:./record.jsonl | <%= config.bin %> <%= command.id %>',
  ]
  static override args = {
    FILE: string({
      multiple: true,
      ignoreStdin: true,
      description: 'Record files, folders of records, or -.',
    }),
  }

  protected override async execute(): Promise<CommandResult<ValidateJson>> {
    const { args } = await this.parse(OpsValidate)
    const { files, notes } = await (args.FILE === undefined
      ? validateInput(this.io)
      : validateAll(args.FILE, this.io))
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
