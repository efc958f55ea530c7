import type { OpSummary } from '@kitty/writer'
import { boolean, string } from '@oclif/core/flags'
import { BaseCommand } from '../../command/base-command.js'
import { definedFields } from '../../command/defined.js'
import type { CommandResult, Note } from '../../command/result.js'
import { ALL_COLUMNS, columnsOf, OP_COLUMNS } from '../../list/columns.js'
import { FILTER_DESCRIPTION, FILTER_FLAGS, opFilterOf } from '../../list/filter-flags.js'
import { limitFlag, listLimited, moreText, parseLimit } from '../../list/limit-flag.js'
import { opCsv } from '../../list/op-csv.js'
import { opListText } from '../../list/op-list.js'
import { uniquePrefixLength } from '../../list/short-ids.js'
import { openProject } from '../../project/project.js'
import { toJson } from '../../terminal/json.js'

const USUAL = 20

const moreNote = (shown: number): Note => ({ kind: 'note', message: moreText(shown) })

export class OpsList extends BaseCommand {
  static override description = `\
${FILTER_DESCRIPTION}

On a terminal, the table fits the width, and ids are cut to a unique prefix.`
  static override usage = '<%= command.id %> [filters] [-n N] [--json] [--jsonl] [--csv]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --status open',
    '<%= config.bin %> <%= command.id %> --profile debugger-debbie --since yesterday -n 50',
    '<%= config.bin %> <%= command.id %> --columns id,outcome,took,request',
    '<%= config.bin %> <%= command.id %> --outcome failed --since 2026-03-01 --csv > failed.csv',
  ]
  static override flags = {
    // oclif aligns the flags only if the first one has a short form.
    limit: limitFlag(USUAL),
    ...FILTER_FLAGS,
    columns: string({
      summary: `The columns, in order: ${Object.keys(OP_COLUMNS).join(', ')}.`,
      helpValue: 'NAMES',
    }),
    jsonl: boolean({ summary: 'Print one JSON document per line.', exclusive: ['json', 'csv'] }),
    csv: boolean({ summary: 'Print comma-separated values.', exclusive: ['json', 'jsonl'] }),
  }

  protected override async execute(): Promise<CommandResult> {
    const { flags } = await this.parse(OpsList)
    const now = this.io.clock()
    const filter = opFilterOf(flags, now)
    const columns = flags.columns === undefined ? undefined : columnsOf(flags.columns)
    const people = !(flags.json || flags.jsonl || flags.csv)
    const limit = parseLimit(flags.limit, people ? USUAL : Number.POSITIVE_INFINITY)
    const project = await openProject(this.io, flags)
    const store = await project.open('reading')
    const { ops, more } = await listLimited(store, filter, limit)
    const fit = await this.#fit(store.root, ops)
    const program = this.outputMode
    const list = { ops, more, now, filter, program, ...fit, ...definedFields({ columns }) }
    return {
      json: { ops },
      text: (style) => {
        if (flags.jsonl) return ops.map((op) => toJson(op, false)).join('')
        return flags.csv ? opCsv(ops, columns ?? ALL_COLUMNS) : opListText(list, style)
      },
      notes: more && !people ? [moreNote(ops.length)] : [],
    }
  }

  async #fit(root: string, shown: readonly OpSummary[]) {
    const { isTTY, columns: width } = this.io.stdout
    if (!isTTY) return { idLength: Number.POSITIVE_INFINITY }
    const { listRecords } = await import('@kitty/writer/internals')
    const all = (await listRecords(root)).map(({ id }) => id)
    return {
      width,
      idLength: uniquePrefixLength(
        shown.map(({ invocation_id }) => invocation_id),
        all,
      ),
    }
  }
}
