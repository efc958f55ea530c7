import { addUsages } from '@kitty/record'
import type { Ops } from '@kitty/writer'
import { boolean, string } from '@oclif/core/flags'
import { BaseCommand } from '../../command/base-command.js'
import { definedFields } from '../../command/defined.js'
import type { ListedOp } from '../../command/listed-op.js'
import type { CommandResult } from '../../command/result.js'
import type { EveryOp } from '../../find/every-op.js'
import type { ListJson } from '../../json/records.js'
import { ALL_COLUMNS, COLUMNS_HERE, columnsOf, OP_COLUMNS } from '../../list/columns.js'
import { FILTER_DESCRIPTION, FILTER_FLAGS, opFilterOf } from '../../list/filter-flags.js'
import { opCsv } from '../../list/op-csv.js'
import { opListText } from '../../list/op-list.js'
import {
  listPage,
  moreText,
  PAGE_DESCRIPTION,
  pageFlags,
  parsePage,
} from '../../list/page-flags.js'
import { openProject } from '../../project/project.js'
import { uniquePrefixLengths } from '../../terminal/id-prefix.js'
import { toJson } from '../../terminal/json.js'

const USUAL = 20

export class OpsList extends BaseCommand {
  static override description = `\
${FILTER_DESCRIPTION}

${PAGE_DESCRIPTION}

A record that cannot be read is left out; "doctor ops" finds it.

With --all, the list has every Op that the clone knows: those here, the open and pending ones of other work
trees, also of removed ones, and those in the ledgers. It says where each record is: on the disk, in HEAD or in
a ledger, and whether these differ (conflict). An open one can be closed by its id from here.

On a terminal, the table fits the width, ids are cut to a unique prefix, and with colours the shortest one is
highlighted.`
  static override usage =
    '<%= command.id %> [filters] [-n N] [--after CURSOR] [--json] [--jsonl] [--csv]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --status open',
    '<%= config.bin %> <%= command.id %> --profile debugger-debbie --since yesterday -n 50',
    '<%= config.bin %> <%= command.id %> --all --status open',
    '<%= config.bin %> <%= command.id %> --grep "login test"',
    '<%= config.bin %> <%= command.id %> --columns id,outcome,took,request',
    '<%= config.bin %> <%= command.id %> --outcome failed --since 2026-03-01 --csv > failed.csv',
  ]
  static override flags = {
    // oclif aligns the flags only if the first one has a short form.
    ...pageFlags(USUAL, ', all with --jsonl and --csv'),
    ...FILTER_FLAGS,
    all: boolean({ summary: 'List the Ops of the whole repository, and where their records are.' }),
    columns: string({
      summary: `The columns of the table, or of --csv, in order: ${Object.keys(OP_COLUMNS).join(', ')}.`,
      helpValue: 'NAMES',
    }),
    jsonl: boolean({ summary: 'Print one JSON document per line.', exclusive: ['json', 'csv'] }),
    csv: boolean({ summary: 'Print comma-separated values.', exclusive: ['json', 'jsonl'] }),
  }

  protected override async execute(): Promise<CommandResult<ListJson>> {
    const { flags } = await this.parse(OpsList)
    const now = this.io.clock()
    const filter = opFilterOf(flags, now)
    const columns = flags.columns === undefined ? undefined : columnsOf(flags.columns)
    const isTable = !(flags.json || flags.jsonl || flags.csv)
    const page = parsePage(flags, isTable ? USUAL : Number.POSITIVE_INFINITY)
    const project = await openProject(this.io, flags)
    const store = await project.open('reading')
    const every = flags.all ? await this.#everyOp(store) : undefined
    const found = await listPage(store, filter, page, every?.others)
    const { next } = found
    const located = await every?.located(found.ops)
    const ops = located?.ops ?? found.ops
    const usage = addUsages(ops.flatMap((op) => op.usage ?? []))
    const fit = await this.#fit(store.root, ops)
    const program = this.outputMode
    const more = next === undefined ? undefined : moreText(ops.length, page)
    const isFiltered = Object.keys(filter).length > 0 || page.after !== undefined
    const isEmpty = isTable && !isFiltered && !flags.all && ops.length === 0
    const elsewhere = isEmpty ? await this.#countElsewhere(store) : 0
    const fitted = { ...fit, ...definedFields({ columns, more, usage }) }
    const list = { ops, now, isFiltered, elsewhere, program, ...fitted }
    const csvColumns = columns ?? (flags.all ? ALL_COLUMNS : COLUMNS_HERE)
    return {
      json: { ops, ...definedFields({ usage, next }) },
      text: (style) => {
        if (flags.jsonl) return ops.map((op) => toJson(op, false)).join('')
        return flags.csv ? opCsv(ops, csvColumns) : opListText(list, style)
      },
      notes: [
        ...(located?.notes ?? []),
        ...(more === undefined || isTable ? [] : [{ kind: 'note', message: more } as const]),
      ],
    }
  }

  async #everyOp(store: Ops): Promise<EveryOp> {
    const { everyOp } = await import('../../find/every-op.js')
    return everyOp(this.io, store)
  }

  async #countElsewhere(store: Ops): Promise<number> {
    const { others } = await this.#everyOp(store)
    return (await others.read(await others.find(others.months))).length
  }

  async #fit(root: string, shown: readonly ListedOp[]) {
    const { isTTY, columns: width } = this.io.stdout
    if (!isTTY) return {}
    const { listRecords } = await import('@kitty/writer/internals')
    const ids = shown.map(({ invocation_id }) => invocation_id)
    const here = (await listRecords(root)).map(({ id }) => id)
    return { width, prefixes: uniquePrefixLengths(ids, here) }
  }
}
