import { shellWord } from '@kitty/writer'
import type { Check, CheckContext, Fix, FixOutcome } from '../check/check.js'
import { findingAbout, opIdsOf } from '../check/finding.js'
import { deletedOps, type FirstClosed, versionsById } from '../facts/history.js'
import { headById } from '../facts/missing-on-disk.js'
import { placesOf } from '../facts/record-pass.js'
import { commitAgain } from '../fixes/commit-again.js'
import { restoreRecords } from '../restore/restore-record.js'
import { historicCopies } from '../restore/sources.js'

/**
 * A commit that git began before an Op's, and ended after it, may hold an index that does not know the record.
 * Nobody who means it deletes a record within seconds.
 */
const RACE_MS = 60_000

const isRaced = async (context: CheckContext, { id, at: closed }: FirstClosed & { id: string }) => {
  const versions = (await versionsById(context)).get(id) ?? []
  const deletion = versions.findLast(({ blob }) => blob === undefined)
  return deletion !== undefined && Math.abs(deletion.at - closed) <= RACE_MS
}

type Deleted = { readonly id: string; readonly path: string; readonly raced: boolean }

const deleted = async (context: CheckContext): Promise<readonly Deleted[]> => {
  const [head, places] = await Promise.all([headById(context), placesOf(context)])
  const onDisk = new Set(places.map(({ id }) => id))
  const gone = [...(await deletedOps(context, new Set(head.keys())))]
  // One that is on disk is closed and not in HEAD: see `uncommitted`.
  const away = gone.filter(([id]) => !onDisk.has(id))
  return Promise.all(
    away.map(async ([id, first]) => ({
      id,
      path: first.path,
      raced: await isRaced(context, { ...first, id }),
    })),
  )
}

const restoreDeleted: Fix = {
  plan: (finding) => `Would bring back ${opIdsOf(finding).length} from history, and commit again.`,
  apply: async (finding, context): Promise<FixOutcome> => {
    await restoreRecords(context, await historicCopies(context, opIdsOf(finding)))
    return commitAgain.apply(finding, context)
  },
}

const WHICH = 'See which: git log --diff-filter=D --'
const BACK = 'To have it back, and committed again: spec-kitty doctor ops --deep --fix'

/** Closed records that some commit deleted. It may have been meant so; a record is kept for ever. */
export const deletedInHistory: Check = {
  id: 'deleted-in-history',
  deep: true,
  run: async (context) => {
    const all = await deleted(context)
    const base = { id: deletedInHistory.id, severity: 'error' as const }
    return [
      ...findingAbout(
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
      ...findingAbout(
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
  fix: restoreDeleted,
}
