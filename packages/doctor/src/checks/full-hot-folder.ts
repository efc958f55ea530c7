import { OPS_DIR, recordPath } from '@kitty/writer'
import type { Check } from '../check/check.js'
import { placesOf } from '../facts/record-pass.js'

/** Beyond so many, writing the folder's tree is most of what the commit of an Op costs. */
const MANY = 5_000

/** A hot folder so full that commits get slow. */
export const fullHotFolder: Check = {
  id: 'full-hot-folder',
  run: async (context) => {
    const hot = (await placesOf(context)).filter(({ id, path }) => path === recordPath(id)).length
    if (hot < MANY) return []
    const message = `${OPS_DIR} holds ${hot} records, and each commit of an Op writes that list anew. To move old ones to its archive, where everything still finds them: spec-kitty ops archive --keep 1000`
    return [{ id: fullHotFolder.id, severity: 'info', path: OPS_DIR, message, fixable: false }]
  },
}
