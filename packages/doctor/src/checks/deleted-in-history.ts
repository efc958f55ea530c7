import { shellWord } from '@kitty/writer'
import type { Check, Examination, MendResult, Remedy } from '../check/check.js'
import { aboutOps, opsOf } from '../check/finding.js'
import { deletedOps, type FirstClosed, versionsById } from '../facts/history.js'
import { headById } from '../facts/missing-on-disk.js'
import { placesOf } from '../facts/record-pass.js'
import { commitAgain } from '../fixes/commit-again.js'
import { bringAllBack } from '../restore/restore-record.js'
import { earlierRecords } from '../restore/sources.js'

/**
 * A commit that git began before an Op's, and ended after it, may hold an index that does not know the record.
 * Nobody who means it deletes a record within seconds.
 */
const RACE_MS = 60_000

const isRaced = async (at: Examination, { id, at: closed }: FirstClosed & { id: string }) => {
  const versions = (await versionsById(at)).get(id) ?? []
  const deletion = versions.findLast(({ blob }) => blob === undefined)
  return deletion !== undefined && Math.abs(deletion.at - closed) <= RACE_MS
}

type Deleted = { readonly id: string; readonly path: string; readonly raced: boolean }

const deleted = async (at: Examination): Promise<readonly Deleted[]> => {
  const [head, places] = await Promise.all([headById(at), placesOf(at)])
  const onDisk = new Set(places.map(({ id }) => id))
  const gone = [...(await deletedOps(at, new Set(head.keys())))]
  // One that is on disk is closed and not in HEAD: see `uncommitted`.
  const away = gone.filter(([id]) => !onDisk.has(id))
  return Promise.all(
    away.map(async ([id, first]) => ({
      id,
      path: first.path,
      raced: await isRaced(at, { ...first, id }),
    })),
  )
}

const bringBack: Remedy = {
  plan: (finding) => `Would bring back ${opsOf(finding).length} from history, and commit again.`,
  apply: async (finding, at): Promise<MendResult> => {
    await bringAllBack(at, await earlierRecords(at, opsOf(finding)))
    return commitAgain.apply(finding, at)
  },
}

const WHICH = 'See which: git log --diff-filter=D --'
const BACK = 'To have it back, and committed again: spec-kitty doctor ops --deep --fix'

/** Closed records that some commit deleted. It may have been meant so; a record is kept for ever. */
export const deletedInHistory: Check = {
  id: 'deleted-in-history',
  deep: true,
  examine: async (at) => {
    const all = await deleted(at)
    const base = { id: deletedInHistory.id, severity: 'error' as const }
    return [
      ...aboutOps(
        all.filter(({ raced }) => raced),
        {
          ...base,
          fixable: true,
          one: (path) =>
            `${path} was committed as closed, and deleted within a minute of its close, as a commit does that ran at the same time. ${WHICH} ${shellWord(path)}. ${BACK}`,
          many: (count) =>
            `${count} records were committed as closed, and deleted within a minute of their close, as commits do that ran at the same time. ${WHICH} kitty-ops. ${BACK}`,
        },
      ),
      ...aboutOps(
        all.filter(({ raced }) => !raced),
        {
          ...base,
          fixable: false,
          one: (path, id) =>
            `${path} was committed as closed, and a later commit deleted it. ${WHICH} ${shellWord(path)}. To have it back: spec-kitty ops restore ${id}`,
          many: (count) =>
            `${count} records were committed as closed, and later commits deleted them. ${WHICH} kitty-ops. To have one back: spec-kitty ops restore ID`,
        },
      ),
    ]
  },
  mend: bringBack,
}
