import { aboutOps } from '../about-ops.js'
import type { Check, Examination } from '../check.js'
import { placesOf } from '../facts/each-record.js'
import { headById } from '../facts/gone-from-disk.js'
import { deletedOps } from '../facts/history.js'

const deleted = async (at: Examination) => {
  const [head, places] = await Promise.all([headById(at), placesOf(at)])
  const onDisk = new Set(places.map(({ id }) => id))
  const gone = [...(await deletedOps(at, new Set(head.keys())))]
  // One that is on disk is closed and not in HEAD: see `uncommitted`.
  return gone.flatMap(([id, { path }]) => (onDisk.has(id) ? [] : [{ id, path }]))
}

/** Closed records that some commit deleted. It may have been meant so; a record is kept for ever. */
export const deletedInHistory: Check = {
  id: 'deleted-in-history',
  deep: true,
  examine: async (at) =>
    aboutOps(await deleted(at), {
      id: deletedInHistory.id,
      severity: 'error',
      fixable: false,
      one: (path) =>
        `${path} was committed as closed, and a later commit deleted it. See which: git log --diff-filter=D -- ${path}. To have it back, by its id: spec-kitty ops restore ID`,
      many: (count) =>
        `${count} records were committed as closed, and later commits deleted them. See which: git log --diff-filter=D -- kitty-ops. To have one back, by its id: spec-kitty ops restore ID`,
    }),
}
