import type { Ops } from '@kitty/writer'
import { boolean, option, string } from '@oclif/core/flags'
import { BaseCommand } from '../../command/base-command.js'
import { UsageError } from '../../command/errors.js'
import type { CommandResult } from '../../command/result.js'
import type { ReportJson } from '../../json/records.js'
import { FILTER_DESCRIPTION, FILTER_FLAGS, opFilterOf } from '../../list/filter-flags.js'
import { selectedSince } from '../../list/since.js'
import { openPage } from '../../page/open-page.js'
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
    default: 'html',
    summary: 'html: a page; markdown: text for a pull request, at most 60 kB.',
  })(),
  ...FILTER_FLAGS,
  since: string({
    summary: 'Only Ops that were opened at this time or later, or that are new since a revision.',
    helpValue: 'TIME|REV',
  }),
  force: boolean({ summary: 'Replace a file that is not a report.' }),
  open: boolean({ summary: 'Open the page in the browser.' }),
}

type ReportFlags = {
  readonly output: string | undefined
  readonly format: 'html' | 'markdown'
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

export class OpsReport extends BaseCommand {
  static override description = `\
Writes one page with totals, outcomes and durations over time, a timeline, and every Op with its details.
The page needs no network and no other file. Text in records is shown as text, never as HTML. Without --output,
it is written to a new folder for temporary files that only you can read, and nothing is written to the work tree.

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
    const listed = (await ops.list(filter)).filter(({ invocation_id }) => isNew(invocation_id))
    if (flags.format === 'markdown') return this.#markdown(ops, listed, flags)
    const { page, count } = await reportPage(ops, listed, {
      now,
      flags,
      program: this.outputMode,
    })
    return this.#page(page, count, flags)
  }

  async #markdown(
    ops: Ops,
    listed: Parameters<typeof reportPage>[1],
    { output, force }: { output: string | undefined; force: boolean },
  ): Promise<CommandResult<ReportJson>> {
    const { reportedOps } = await import('../../page/report-data.js')
    const { reportMarkdown } = await import('../../markdown/report-markdown.js')
    const reported = await reportedOps(ops, listed)
    const { text, leftOut } = reportMarkdown(reported)
    const sizes = {
      ops: reported.length,
      bytes: Buffer.byteLength(text),
      ...(leftOut > 0 && { left_out: leftOut }),
    }
    if (output === undefined || output === '-') {
      return { json: { markdown: text, ...sizes }, text: () => text }
    }
    const path = await writePage(text, { output, cwd: this.io.cwd, force })
    const written = { path, count: reported.length, bytes: sizes.bytes, isOpened: false }
    return { json: { path, ...sizes }, text: (style) => writtenText(written, style) }
  }

  async #page(
    page: string,
    count: number,
    { output, force, open }: { output: string | undefined; force: boolean; open: boolean },
  ): Promise<CommandResult<ReportJson | undefined>> {
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
      notes: problem === undefined ? [] : [problem],
    }
  }
}
