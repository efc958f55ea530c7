import type { Finding } from '../check/check.js'
import { commitName, note } from './finding.js'
import type { MigratingCommit } from './record-steps.js'

const countOf = (count: number): string =>
  count === 1 ? '1 older record' : `${count} older records`

/** Returns a note for each commit that migrated older records. */
export const checkMigrations = (migrating: readonly MigratingCommit[]): readonly Finding[] =>
  migrating.map(({ commit, migrated, deleted }) => {
    const also = deleted.length === 0 ? '' : `, and deleted ${countOf(deleted.length)}`
    const message = `${commitName(commit)} migrated ${countOf(migrated.length)} to the current form${also}, as "spec-kitty upgrade" of the Python spec-kitty does. Ids, times, texts and outcomes are the same.`
    return note('migrated-records', message, { invocation_ids: [...migrated, ...deleted] })
  })
