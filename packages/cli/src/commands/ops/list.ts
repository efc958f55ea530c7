import type { OpFilter } from '@kitty/writer'
import { integer, option, string } from '@oclif/core/flags'
import { BaseCommand } from '../../base-command.js'
import { compose } from '../../compose.js'
import { given } from '../../given.js'
import { opListText } from '../../render/op-list.js'
import type { Report } from '../../report.js'
import { momentOf } from '../../when.js'

export class OpsList extends BaseCommand {
  static override description = `\
Filters combine. A time is a date (2026-03-01), a moment (2026-03-01T12:00Z), or how long ago it was
(90m, 2h, 3d, 1w).`
  static override usage = 'ops list [filters] [-n N] [--json]'
  static override examples = [
    '<%= config.bin %> ops list --status open',
    '<%= config.bin %> ops list --profile debugger-debbie --since 3d -n 50',
    '<%= config.bin %> ops list --json',
  ]
  static override flags = {
    status: option({ options: ['open', 'closed'] as const, summary: 'Only these.' })(),
    profile: string({ summary: 'Only Ops of this profile.', helpValue: 'PROFILE' }),
    actor: string({ summary: 'Only Ops of this actor.', helpValue: 'ACTOR' }),
    mission: string({ summary: 'Only Ops of this mission.', helpValue: 'ULID' }),
    wp: string({ summary: 'Only Ops of this work package.', helpValue: 'WP' }),
    since: string({ summary: 'Only Ops that were opened then or later.', helpValue: 'TIME' }),
    until: string({ summary: 'Only Ops that were opened then or earlier.', helpValue: 'TIME' }),
    limit: integer({ char: 'n', summary: 'At most so many.', default: 20, min: 1, helpValue: 'N' }),
  }

  protected override async report(): Promise<Report> {
    const { flags } = await this.parse(OpsList)
    const now = this.io.clock()
    const filter: OpFilter = given({
      status: flags.status,
      profile_id: flags.profile,
      actor: flags.actor,
      mission_id: flags.mission,
      wp_id: flags.wp,
      since: flags.since === undefined ? undefined : momentOf('since', flags.since, now),
      until: flags.until === undefined ? undefined : momentOf('until', flags.until, now),
    })
    const project = await compose(this.io, flags)
    const ops = await project.open('reading')
    // One more than is wanted tells whether there is more.
    const found = await ops.list({ ...filter, limit: flags.limit + 1 })
    const shown = found.slice(0, flags.limit)
    return {
      json: { ops: shown },
      text: (style) => opListText({ ops: shown, more: found.length > shown.length, now }, style),
    }
  }
}
