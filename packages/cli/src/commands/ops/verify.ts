import type { Finding, Verification } from '@kitty/doctor'
import { string } from '@oclif/core/flags'
import { BaseCommand } from '../../command/base-command.js'
import { definedFields } from '../../command/defined.js'
import { COULD_NOT_LOOK } from '../../command/errors.js'
import { withRoot } from '../../command/for-root.js'
import type { CommandResult } from '../../command/result.js'
import { openProject } from '../../project/project.js'
import { printableLine } from '../../terminal/printable.js'
import type { Style } from '../../terminal/style.js'

const line = (label: string, { id, message }: Finding, style: Style): string =>
  `${label}  ${printableLine(message)} ${style.dim(`[${id}]`)}\n`

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** Violations, then notes, then the sum. */
const verificationText = (verification: Verification, style: Style): string => {
  const { violations, notes, checked, ok } = verification
  const verdict = ok ? style.green('OK.') : style.red(`${counted(violations.length, 'violation')}.`)
  const sum = `${counted(checked.records, 'record')} and ${counted(checked.commits, 'commit')} checked.`
  return [
    ...violations.map((finding) => line(style.red('violation'), finding, style)),
    ...notes.map((finding) => line(style.dim('note'), finding, style)),
    `${verdict} ${sum}\n`,
  ].join('')
}

export class OpsVerify extends BaseCommand {
  static override description = `\
A gate for CI: it reads the history of the branch and changes nothing. What only damage, a bug
or the deletion of a record can cause is a violation; what people may do is a note. It works in a fresh
clone and in a bare repository. Exit status: 0 no violation, 1 violations, 2 it could not look.`
  static override usage = 'ops verify [--since REV]'
  static override examples = [
    '<%= config.bin %> ops verify',
    '<%= config.bin %> ops verify --since origin/main --json',
  ]
  static override flags = {
    since: string({
      summary: 'Check only what came after this revision, as for a pull request.',
      helpValue: 'REV',
    }),
  }

  protected override async execute(): Promise<CommandResult> {
    const { flags } = await this.parse(OpsVerify)
    const { root } = await openProject(this.io, flags)
    const { verify } = await import('@kitty/doctor')
    const found = await verify({ root, ...definedFields({ since: flags.since }) })
    const told = withRoot(this.outputMode.root)
    const [violations, notes] = [found.violations.map(told), found.notes.map(told)]
    const verification = { ...found, violations, notes }
    return {
      json: verification,
      text: (style) => verificationText(verification, style),
      exitStatus: verification.ok ? 0 : 1,
    }
  }

  protected override failed(): number {
    return COULD_NOT_LOOK
  }
}
