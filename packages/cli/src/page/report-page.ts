import { basename } from 'node:path'
import type { Ops } from '@kitty/writer'
import type { Program } from '../command/program.js'
import { pageOf, readPageParts } from './page.js'
import { type ReportedList, reportedOps } from './report-data.js'

const FILTERS = [
  'status',
  'outcome',
  'profile',
  'actor',
  'mission',
  'wp',
  'since',
  'until',
  'grep',
] as const

type Flags = { readonly [Name in (typeof FILTERS)[number]]?: string | undefined }

/** The filters as they were typed. */
const filterText = (flags: Flags): string =>
  FILTERS.flatMap((name) => (flags[name] === undefined ? [] : [`${name} ${flags[name]}`])).join(
    ', ',
  )

/** The page about some Ops, and their number. */
export const reportPage = async (
  ops: Ops,
  list: ReportedList,
  { now, flags, program }: { now: Date; flags: Flags; program: Program },
): Promise<{ page: string; count: number }> => {
  const reported = await reportedOps(ops, list, program)
  const title = `Ops of ${basename(ops.root)}`
  const data = { title, at: now.getTime(), filter: filterText(flags), ops: reported }
  return { page: pageOf(data, await readPageParts()), count: reported.length }
}
