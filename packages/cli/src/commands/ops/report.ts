import type { OpId } from '@kitty/record'
import type { OpFilter, Ops } from '@kitty/writer'
import { boolean, string } from '@oclif/core/flags'
import { BaseCommand } from '../../command/base-command.js'
import { UsageError } from '../../command/errors.js'
import type { CommandResult, Note } from '../../command/result.js'
import type { ReportJson } from '../../json/records.js'
import { FILTER_DESCRIPTION, FILTER_FLAGS, opFilterOf } from '../../list/filter-flags.js'
import { listPage } from '../../list/page-flags.js'
import { openPage } from '../../page/open-page.js'
import type { ReportedList } from '../../page/report-data.js'
import { reportPage } from '../../page/report-page.js'
import { writePage, writePrivatePage, writtenText } from '../../page/write-page.js'
import { openProject } from '../../project/project.js'

const idOf = ({ invocation_id }: { readonly invocation_id: OpId }): OpId => invocation_id

export class OpsReport extends BaseCommand {
  static override description = `\
Writes one page with totals, outcomes and durations over time, a timeline, and every Op with its details.
The page needs no network and no other file. Text in records is shown as text, never as HTML. With --all, the page has
every Op that the clone knows, as "ops list --all" has, and the writer of the ledger that holds it. Without
--output, it is written to a new folder for temporary files that only you can read, and nothing is written to
the work tree.
${FILTER_DESCRIPTION}`
  static override usage = '<%= command.id %> [filters] [--output FILE] [--open]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --open',
    '<%= config.bin %> <%= command.id %> --since "4 weeks ago" --output month.html',
    '<%= config.bin %> <%= command.id %> --wp WP01 --output - > wp01.html',
  ]
  static override flags = {
    // oclif aligns the flags only if the first one has a short form.
    output: string({
      char: 'o',
      summary: 'The file to write; - is standard output. Default: a temporary file.',
      helpValue: 'FILE',
    }),
    ...FILTER_FLAGS,
    all: boolean({
      summary: 'Report the Ops of the whole repository, also those of other clones.',
    }),
    force: boolean({ summary: 'Replace a file that is not a report.' }),
    open: boolean({ summary: 'Open the page in the browser.' }),
  }

  protected override async execute(): Promise<CommandResult<ReportJson | undefined>> {
    const { flags } = await this.parse(OpsReport)
    const { output, force, json, open } = flags
    const clash = json ? '--json' : '--open'
    if (output === '-' && (json || open)) {
      throw new UsageError('USAGE', `--output - and ${clash} can't be used together.`, {
        hint: `Leave out ${clash}, or choose a file with --output.`,
      })
    }
    const now = this.io.clock()
    const project = await openProject(this.io, flags)
    const ops = await project.open('reading')
    const list = await this.#listed(ops, opFilterOf(flags, now), flags.all)
    const { page, count } = await reportPage(ops, list, { now, flags })
    if (output === '-') return { json: undefined, text: () => page }
    const path =
      output === undefined
        ? await writePrivatePage(page)
        : await writePage(page, { output, cwd: this.io.cwd, force })
    const problem = open ? await openPage(path, this.io.variables) : undefined
    const isOpened = open && problem === undefined
    const bytes = Buffer.byteLength(page)
    return {
      json: { path, ops: count, bytes },
      text: (style) => writtenText({ path, count, bytes, isOpened }, style),
      notes: [...list.notes, ...(problem === undefined ? [] : [problem])],
    }
  }

  /** The Ops of this checkout or, with `all`, of the clone. */
  async #listed(
    ops: Ops,
    filter: OpFilter,
    all: boolean,
  ): Promise<ReportedList & { readonly notes: readonly Note[] }> {
    if (!all) return { listed: await ops.list(filter), records: new Map(), notes: [] }
    const { everyOp } = await import('../../find/every-op.js')
    const every = await everyOp(this.io, ops)
    const found = await listPage(ops, filter, { limit: Number.POSITIVE_INFINITY }, every.others)
    const { ops: listed, notes } = await every.located(found.ops)
    return { listed, records: await every.records(listed.map(idOf)), notes }
  }
}
