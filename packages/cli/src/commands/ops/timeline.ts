import { BaseCommand } from '../../command/base-command.js'
import type { CommandResult } from '../../command/result.js'
import { FILTER_DESCRIPTION, FILTER_FLAGS, opFilterOf } from '../../list/filter-flags.js'
import { limitFlag, listLimited, moreText, parseLimit } from '../../list/limit-flag.js'
import { nothingListed } from '../../list/op-list.js'
import { timelineJson, timelineOf } from '../../list/timeline.js'
import { timelineText } from '../../list/timeline-text.js'
import { openProject } from '../../project/project.js'

const USUAL = 40

export class OpsTimeline extends BaseCommand {
  static override description = `\
One line for each Op, earliest first, by mission and work package. The bar of an open Op extends to now.
${FILTER_DESCRIPTION}`
  static override usage = '<%= command.id %> [filters] [-n N] [--json]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --since today',
    '<%= config.bin %> <%= command.id %> --mission 01K6ZP4W3M8Q2V5X7Y9A1B3C5D --wp WP01',
    '<%= config.bin %> <%= command.id %> --since 3d --json',
  ]
  static override flags = {
    // oclif aligns the flags only if the first one has a short form.
    limit: limitFlag(USUAL),
    ...FILTER_FLAGS,
  }

  protected override async execute(): Promise<CommandResult> {
    const { flags } = await this.parse(OpsTimeline)
    const now = this.io.clock()
    const filter = opFilterOf(flags, now)
    const project = await openProject(this.io, flags)
    const limit = parseLimit(flags.limit, flags.json ? Number.POSITIVE_INFINITY : USUAL)
    const { ops, more } = await listLimited(await project.open('reading'), filter, limit)
    const timeline = timelineOf(ops, now)
    const { isTTY, columns } = this.io.stdout
    return {
      json: timelineJson(timeline),
      text: (style) =>
        ops.length === 0
          ? nothingListed(filter, this.outputMode)
          : timelineText(timeline, style, isTTY ? columns : undefined),
      notes: more ? [{ kind: 'note', message: moreText(ops.length) }] : [],
    }
  }
}
