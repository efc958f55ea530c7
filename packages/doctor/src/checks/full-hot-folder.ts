import { ARCHIVE_DIR, OPS_DIR } from '@kitty/writer/internals'
import type { Check } from '../check/check.js'
import { placesOf } from '../facts/record-pass.js'

/** From this number on, writing the tree of the folder is most of the cost of an Op's commit. */
const MANY = 5_000

/** A hot folder with so many records that commits get slow. */
export const fullHotFolder: Check = {
  id: 'full-hot-folder',
  run: async (context) => {
    const places = await placesOf(context)
    const hot = places.filter(({ path }) => !path.startsWith(ARCHIVE_DIR)).length
    if (hot < MANY) return []
    const message = `The folder holds ${hot} records, and each Op's commit writes a list of all of them, which gets slow. Old records can move to the archive, where every command still finds them.`
    const next = [{ verb: 'archive-old' } as const]
    return [
      { id: fullHotFolder.id, severity: 'info', path: OPS_DIR, message, fixable: false, next },
    ]
  },
}
