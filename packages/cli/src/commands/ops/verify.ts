import { string } from '@oclif/core/flags'
import { BaseCommand } from '../../command/base-command.js'
import { given } from '../../command/defined.js'
import { COULD_NOT_LOOK } from '../../command/errors.js'
import type { Report } from '../../command/result.js'
import { compose } from '../../project/project.js'
import { verificationText } from './verify-text.js'

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

  protected override async report(): Promise<Report> {
    const { flags } = await this.parse(OpsVerify)
    const { root } = await compose(this.io, flags)
    const { verify } = await import('@kitty/doctor')
    const verification = await verify({ root, ...given({ since: flags.since }) })
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
