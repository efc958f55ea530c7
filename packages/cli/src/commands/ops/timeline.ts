import { BaseCommand } from '../../command/base-command.js'
import type { CommandResult } from '../../command/result.js'
import type { TimelineJson } from '../../json/records.js'
import { FILTER_DESCRIPTION, FILTER_FLAGS, opFilterOf } from '../../list/filter-flags.js'
import { nothingListed } from '../../list/op-list.js'
import {
  listPage,
  moreText,
  PAGE_DESCRIPTION,
  pageFlags,
  parsePage,
} from '../../list/page-flags.js'
import { timelineJson, timelineOf } from '../../list/timeline.js'
import { timelineText } from '../../list/timeline-text.js'
import { openProject } from '../../project/project.js'

const USUAL = 40

export class OpsTimeline extends BaseCommand {
  static override description = `\
One line for each Op, earliest first, by mission and work package. The bar of an open Op extends to now.
${FILTER_DESCRIPTION}

${PAGE_DESCRIPTION}`
  static override usage = '<%= command.id %> [filters] [-n N] [--after CURSOR] [--json]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --since today',
    '<%= config.bin %> <%= command.id %> --mission 01K6ZP4W3M8Q2V5X7Y9A1B3C5D --wp WP01',
    '<%= config.bin %> <%= command.id %> --since 3d --json',
  ]
  static override flags = {
    // oclif aligns the flags only if the first one has a short form.
    ...pageFlags(USUAL),
    ...FILTER_FLAGS,
  }

  protected override async execute(): Promise<CommandResult<TimelineJson>> {
    const { flags } = await this.parse(OpsTimeline)
    const now = this.io.clock()
    const filter = opFilterOf(flags, now)
    const project = await openProject(this.io, flags)
    const page = parsePage(flags, USUAL)
    const { ops, next } = await listPage(await project.open('reading'), filter, page)
    const timeline = timelineOf(ops, now)
    const isFiltered = Object.keys(filter).length > 0 || page.after !== undefined
    const { isTTY, columns } = this.io.stdout
    return {
      json: timelineJson(timeline, next),
      text: (style) =>
        ops.length === 0
          ? nothingListed(isFiltered, this.outputMode)
          : timelineText(timeline, style, isTTY ? columns : undefined),
      notes: next === undefined ? [] : [{ kind: 'note', message: moreText(ops.length, page) }],
    }
  }
}
