import { string } from '@oclif/core/flags'
import { BaseCommand } from '../../command/base-command.js'
import { definedFields } from '../../command/defined.js'
import { COULD_NOT_LOOK } from '../../command/errors.js'
import { withCommands } from '../../command/next-steps.js'
import { inProject } from '../../command/program.js'
import type { CommandResult } from '../../command/result.js'
import type { VerifyJson } from '../../json/repository.js'
import { openProject } from '../../project/project.js'
import { findingText } from '../../terminal/finding.js'
import type { Style } from '../../terminal/style.js'
import { wrapWidth } from '../../terminal/wrap.js'

const VIOLATION = 'violation'

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** Violations, then notes, then the sum. */
const verificationText = (verification: VerifyJson, style: Style, width: number): string => {
  const { violations, notes, checked, ok } = verification
  const verdict = ok ? style.green('OK.') : style.red(`${counted(violations.length, 'violation')}.`)
  const sum = `${counted(checked.records, 'record')} and ${counted(checked.commits, 'commit')} checked.`
  const layout = { labelWidth: VIOLATION.length, width, style }
  return [
    ...violations.map((finding) =>
      findingText({ ...finding, label: VIOLATION, paint: style.red }, layout),
    ),
    ...notes.map((finding) => findingText({ ...finding, label: 'note', paint: style.dim }, layout)),
    `${verdict} ${sum}\n`,
  ].join('')
}

export class OpsVerify extends BaseCommand {
  static override description = `\
A gate for CI: it reads the history of the branch and changes nothing. It checks every store at or below
the project root. A violation is something that only damage, a bug or the deletion of a record can cause;
something that people are free to do is a note. It works in a fresh clone and in a bare repository. Exit status: 0 no violation, 1 violations, 2 it could not check.`
  static override usage = '<%= command.id %> [--since REV]'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --since origin/main --json',
  ]
  static override flags = {
    since: string({
      summary: 'Check only what came after this revision, for example in a pull request.',
      helpValue: 'REV',
    }),
  }

  protected override async execute(): Promise<CommandResult<VerifyJson>> {
    const { flags } = await this.parse(OpsVerify)
    const { root } = await openProject(this.io, flags)
    const { verify } = await import('@kitty/doctor')
    const found = await verify({ root, ...definedFields({ since: flags.since }) })
    const shown = withCommands(inProject(this.outputMode, root, this.io.cwd))
    const [violations, notes] = [found.violations.map(shown), found.notes.map(shown)]
    const verification = { ...found, violations, notes }
    return {
      json: verification,
      text: (style) => verificationText(verification, style, wrapWidth(this.io.stdout)),
      exitStatus: verification.ok ? 0 : 1,
    }
  }

  protected override failed(): number {
    return COULD_NOT_LOOK
  }
}
