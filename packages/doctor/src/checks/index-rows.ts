import { formatIndexRow, indexRowOf, type OpId, parseIndexRow } from '@kitty/record'
import { INDEX_PATH, MOST_ROWS } from '@kitty/writer'
import type { Check, Examination, Finding, Remedy } from '../check.js'
import { eachRecord } from '../facts/each-record.js'
import { linesOf, numbersOf } from '../facts/log-lines.js'
import { sharedFact } from '../shared-fact.js'

const indexLines = sharedFact((at) => linesOf(at, INDEX_PATH))

/** What the index says of each Op, in the words that a row is written in. */
const rowsOf = sharedFact(async (at): Promise<ReadonlyMap<OpId, readonly string[]>> => {
  const rows = new Map<OpId, readonly string[]>()
  for (const { text } of await indexLines(at)) {
    const row = parseIndexRow(text)
    if (row === undefined) continue
    const others = rows.get(row.invocation_id) ?? []
    rows.set(row.invocation_id, [...others, formatIndexRow(row)])
  }
  return rows
})

/** How many records the index says something else of than they do. */
const countWrong = async (at: Examination): Promise<number> => {
  let wrong = 0
  await eachRecord(at, async (found) => {
    const rows = (await rowsOf(at)).get(found.id)
    if (rows === undefined || 'error' in found) return
    const row = indexRowOf(found.record)
    const right = row && formatIndexRow(row)
    if (rows.some((each) => each !== right)) wrong += 1
  })
  return wrong
}

const finding = (severity: Finding['severity'], what: string): Finding => ({
  id: indexRows.id,
  severity,
  path: INDEX_PATH,
  message: `${INDEX_PATH} ${what}. It only saves time, and no answer depends on it. To make it anew: spec-kitty ops reindex`,
  fixable: true,
})

const reindex: Remedy = {
  plan: () => `Would make ${INDEX_PATH} anew.`,
  apply: async (_, { ops }) => {
    const { rows } = await ops.reindex()
    return { done: true, message: `Made ${INDEX_PATH} anew, with ${rows} rows.` }
  },
}

const examine = async (at: Examination): Promise<readonly Finding[]> => {
  const [wrong, lines] = await Promise.all([countWrong(at), indexLines(at)])
  const unread = lines.filter(({ text }) => parseIndexRow(text) === undefined)
  return [
    ...(wrong > 0
      ? [finding('warning', `says of ${wrong} Ops what their records do not say`)]
      : []),
    ...(unread.length > 0 ? [finding('warning', `has no row in ${numbersOf(unread)}`)] : []),
    ...(lines.length > MOST_ROWS
      ? [finding('info', `has ${lines.length} rows, of which ${MOST_ROWS} are enough`)]
      : []),
  ]
}

/** An index that lies, cannot be read or is too long. Rows that are missing are normal after a merge. */
export const indexRows: Check = { id: 'index-rows', examine, mend: reindex }
