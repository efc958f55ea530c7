import type { OpId } from '@kitty/record'
import type { OpFilter, Ops } from '@kitty/writer'
import { boolean, option, string } from '@oclif/core/flags'
import { BaseCommand } from '../../command/base-command.js'
import { UsageError } from '../../command/errors.js'
import type { CommandResult, Note } from '../../command/result.js'
import type { ReportJson } from '../../json/records.js'
import { FILTER_DESCRIPTION, FILTER_FLAGS, opFilterOf } from '../../list/filter-flags.js'
import { listPage } from '../../list/page-flags.js'
import { selectedSince } from '../../list/since.js'
import { openPage } from '../../page/open-page.js'
import type { ReportedList } from '../../page/report-data.js'
import { reportPage } from '../../page/report-page.js'
import { writePage, writePrivatePage, writtenText } from '../../page/write-page.js'
import { openProject } from '../../project/project.js'

const FLAGS = {
  // oclif aligns the flags only if the first one has a short form.
  output: string({
    char: 'o',
    summary:
      'The file to write; - is standard output. Default: a temporary file, or standard output for markdown.',
    helpValue: 'FILE',
  }),
  format: option({
    options: ['html', 'markdown'] as const,
    summary: 'A page, or Markdown for a pull request (at most 60 kB). Default: html.',
  })(),
  ...FILTER_FLAGS,
  since: string({
    summary: 'Only Ops that were opened at this time or later, or that are new since a revision.',
    helpValue: 'TIME|REV',
  }),
  all: boolean({
    summary: 'Report the Ops of the whole repository, also those of other clones.',
  }),
  force: boolean({ summary: 'Replace a file that is not a report.' }),
  open: boolean({ summary: 'Open the page in the browser.' }),
}

type ReportFlags = {
  readonly output: string | undefined
  readonly format: 'html' | 'markdown' | undefined
  readonly json: boolean
  readonly open: boolean
}

/** Throws a usage error for flags that cannot be used together. */
const checkFlags = ({ output, format, json, open }: ReportFlags): void => {
  if (format === 'markdown' && open) {
    throw new UsageError('USAGE', "--format markdown and --open can't be used together.", {
      hint: 'Leave out --open: Markdown is for a pull request, not for a browser.',
    })
  }
  if (output !== '-' || !(json || open)) return
  const clash = json ? '--json' : '--open'
  throw new UsageError('USAGE', `--output - and ${clash} can't be used together.`, {
    hint: `Leave out ${clash}, or choose a file with --output.`,
  })
}

/** What to report, and what kept Ops from being read. */
type OpsToReport = ReportedList & { readonly notes: readonly Note[] }

const idOf = ({ invocation_id }: { readonly invocation_id: OpId }): OpId => invocation_id

export class OpsReport extends BaseCommand {
  static override description = `\
Writes one page with totals, outcomes and durations over time, a timeline, and every Op with its details.
The page needs no network and no other file. Text in records is shown as text, never as HTML. Without --output,
it is written to a new folder for temporary files that only you can read, and nothing is written to the work tree.

With --all, it has every Op that the clone knows, like "ops list --all", and names the writer of the ledger that holds it.

With --format markdown, it prints totals and each Op, folded, for a pull request on GitHub or GitLab: what was asked, of
whom, how it ended and why. Text in records stays text there, and mentions no one.

With a revision for --since, such as origin/main, the Ops are those whose records are new since the merge base with it.
${FILTER_DESCRIPTION}`
  static override usage = '<%= command.id %> [filters] [--format FORMAT] [--output FILE] [--open]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --open',
    '<%= config.bin %> <%= command.id %> --since "4 weeks ago" --output month.html',
    '<%= config.bin %> <%= command.id %> --wp WP01 --output - > wp01.html',
    '<%= config.bin %> <%= command.id %> --format markdown --since origin/main',
  ]
  static override flags = FLAGS

  protected override async execute(): Promise<CommandResult<ReportJson | undefined>> {
    const { flags } = await this.parse(OpsReport)
    checkFlags(flags)
    const now = this.io.clock()
    const project = await openProject(this.io, flags)
    const { since, isNew } = await selectedSince(project.root, flags.since, now)
    const filter = opFilterOf({ ...flags, since }, now)
    const ops = await project.open('reading')
    const found = await this.#listed(ops, filter, flags.all)
    const list = { ...found, listed: found.listed.filter((op) => isNew(idOf(op))) }
    if (flags.format === 'markdown') return this.#markdown(ops, list, flags)
    const { page, count } = await reportPage(ops, list, { now, flags, program: this.outputMode })
    return this.#page({ page, count, notes: list.notes }, flags)
  }

  async #markdown(
    ops: Ops,
    list: OpsToReport,
    { output, force }: { output: string | undefined; force: boolean },
  ): Promise<CommandResult<ReportJson>> {
    const { reportedOps } = await import('../../page/report-data.js')
    const { reportMarkdown } = await import('../../markdown/report-markdown.js')
    const reported = await reportedOps(ops, list)
    const { text, leftOut } = reportMarkdown(reported)
    const sizes = {
      ops: reported.length,
      bytes: Buffer.byteLength(text),
      ...(leftOut > 0 && { left_out: leftOut }),
    }
    if (output === undefined || output === '-') {
      return { json: { markdown: text, ...sizes }, text: () => text, notes: list.notes }
    }
    const path = await writePage(text, { output, cwd: this.io.cwd, force })
    const written = { path, count: reported.length, bytes: sizes.bytes, isOpened: false }
    return {
      json: { path, ...sizes },
      text: (style) => writtenText(written, style),
      notes: list.notes,
    }
  }

  async #page(
    { page, count, notes }: { page: string; count: number; notes: readonly Note[] },
    { output, force, open }: { output: string | undefined; force: boolean; open: boolean },
  ): Promise<CommandResult<ReportJson | undefined>> {
    if (output === '-') return { json: undefined, text: () => page, notes }
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
      notes: [...notes, ...(problem === undefined ? [] : [problem])],
    }
  }
  /** The Ops of this checkout or, with `all`, of the clone. */
  async #listed(ops: Ops, filter: OpFilter, all: boolean): Promise<OpsToReport> {
    if (!all) return { listed: await ops.list(filter), records: new Map(), notes: [] }
    const { everyOp } = await import('../../find/every-op.js')
    const every = await everyOp(this.io, ops)
    const found = await listPage(ops, filter, { limit: Number.POSITIVE_INFINITY }, every.others)
    const { ops: listed, notes } = await every.located(found.ops)
    return { listed, records: await every.records(listed.map(idOf)), notes }
  }
}
