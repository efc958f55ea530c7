import {
  formatIndexRow,
  indexRowOf,
  isIndexStartRow,
  type OpId,
  parseIndexRow,
} from '@kitty/record'
import { INDEX_PATH, MAX_INDEX_ROWS } from '@kitty/writer/internals'
import {
  type Check,
  type CheckContext,
  defineCheck,
  defineFact,
  type Finding,
  type Fix,
  type VisitedRecord,
} from '../check/check.js'
import { memoized } from '../check/memo.js'
import { headOf, isInHead, placesInHead } from '../facts/head.js'
import { type LogLine, linesOf, numbersOf } from '../facts/log-lines.js'
import { visitWith } from '../facts/record-pass.js'

const indexLines = memoized((context) => linesOf(context, INDEX_PATH))

/** The rows of the index for each Op, as text. */
const rowsOf = memoized(async (context): Promise<ReadonlyMap<OpId, readonly string[]>> => {
  const rows = new Map<OpId, readonly string[]>()
  for (const { text } of await indexLines(context)) {
    const row = parseIndexRow(text)
    if (row === undefined) continue
    const others = rows.get(row.invocation_id) ?? []
    rows.set(row.invocation_id, [...others, formatIndexRow(row)])
  }
  return rows
})

type Known = {
  readonly rows: ReadonlyMap<OpId, readonly string[]>
  readonly head: ReadonlyMap<string, string> | undefined
}

// If git cannot read HEAD, the records on disk decide.
const know = async (context: CheckContext): Promise<Known> => {
  const head = headOf(context).catch(() => undefined)
  return { rows: await rowsOf(context), head: await head }
}

type ReadableRecord = Extract<VisitedRecord, { readonly ok: true }>

/** Whether a record differs from HEAD: it is damaged itself, and the index must not follow it. */
const isDamaged = (found: ReadableRecord, { head }: Known): boolean =>
  head !== undefined && placesInHead(head, found.id).length > 0 && !isInHead(head, found.id, found)

const isWrong = (found: VisitedRecord, known: Known): boolean => {
  const rows = known.rows.get(found.id)
  if (rows === undefined || !found.ok) return false
  const row = indexRowOf(found.record)
  const right = row && formatIndexRow(row)
  return rows.some((each) => each !== right) && !isDamaged(found, known)
}

/** How many records the index contradicts. */
const contradicted = defineFact({
  visit: visitWith(know, (found, known) => (isWrong(found, known) ? found.id : undefined)),
  value: ({ length }) => length,
})

const finding = (severity: Finding['severity'], what: string): Finding => ({
  id: indexRows.id,
  severity,
  path: INDEX_PATH,
  message: `The index ${what}. It only saves time; no result depends on it.`,
  fixable: true,
  next: [{ verb: 'reindex' }],
})

const reindex: Fix = {
  plan: () => `Would rebuild ${INDEX_PATH}.`,
  apply: async (_, { ops }) => {
    const { rows } = await ops.reindex()
    return { done: true, message: `Rebuilt ${INDEX_PATH}, with ${rows} rows.` }
  },
}

const findingsFor = (wrong: number, lines: readonly LogLine[]): readonly Finding[] => {
  const unread = lines.filter(
    ({ text }) => parseIndexRow(text) === undefined && !isIndexStartRow(text),
  )
  return [
    ...(wrong > 0
      ? [
          finding(
            'warning',
            `contradicts ${wrong === 1 ? 'the record of 1 Op' : `the records of ${wrong} Ops`}`,
          ),
        ]
      : []),
    ...(unread.length > 0 ? [finding('warning', `cannot be read in ${numbersOf(unread)}`)] : []),
    ...(lines.length > MAX_INDEX_ROWS
      ? [finding('info', `has ${lines.length} rows, more than the ${MAX_INDEX_ROWS} that it needs`)]
      : []),
  ]
}

/** An index that contradicts records, cannot be read or is too long. Missing rows are normal after a merge. */
export const indexRows: Check = defineCheck({
  id: 'index-rows',
  needs: { contradicted },
  run: async (context, facts) =>
    findingsFor(...(await Promise.all([facts.contradicted(), indexLines(context)]))),
  fix: reindex,
})
