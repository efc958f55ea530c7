import { basename } from 'node:path/posix'
import type { HistoryRange } from '@kitty/git-commit'
import type { OpId } from '@kitty/record'
import { shellWord } from '@kitty/writer'
import type { Finding } from '../check/check.js'
import { findingAbout } from '../check/finding.js'
import type { AtTip } from './check-tip.js'
import type { ClosingCommit } from './first-closed.js'
import { opAt } from './record-path.js'
import type { VersionsByBlob } from './versions.js'

const KEPT = 'a record is kept for ever'
const COMMIT = 'and to commit it: spec-kitty doctor ops --fix'

/** The Ops that have a file at the tip; also under a name that is not theirs, which is told as that. */
const opsAt = (
  place: HistoryRange,
  files: readonly AtTip[],
  versions: VersionsByBlob,
): ReadonlySet<OpId> =>
  new Set(files.flatMap(({ path, blob }) => opAt(place, path) ?? versions.get(blob)?.id ?? []))

/** The records that were closed in history, and of which the tip has nothing. */
export const checkDeletions = (
  place: HistoryRange,
  firsts: ReadonlyMap<OpId, ClosingCommit>,
  tip: readonly AtTip[],
  versions: VersionsByBlob,
): readonly Finding[] => {
  const present = opsAt(place, tip, versions)
  const gone = [...firsts].flatMap(([id, { path }]) => (present.has(id) ? [] : [{ id, path }]))
  return findingAbout(gone, {
    id: 'deleted-record',
    severity: 'error',
    fixable: false,
    one: (path) =>
      `${path} was committed as closed and is gone; ${KEPT}. See where it went: git log -m --diff-filter=D -- ${shellWord(path)}. To have it back: spec-kitty ops restore ${basename(path, '.jsonl')}, ${COMMIT}`,
    many: (count) =>
      `${count} records were committed as closed and are gone; ${KEPT}. See which: git log -m --diff-filter=D --name-only -- ${shellWord(place.folder)}. To have one back: spec-kitty ops restore ID, ${COMMIT}`,
  })
}
