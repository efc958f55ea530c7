import { isOpId, KittyError, type OpId } from '@kitty/record'
import { listRecords } from './list-records.js'
import { hasRecord } from './record-file.js'

export const notFound = (wanted: unknown): KittyError =>
  new KittyError(
    'OP_NOT_FOUND',
    `There is no Op ${JSON.stringify(String(wanted).slice(0, 80))} here.`,
    {
      hint: 'List them with: spec-kitty ops list',
    },
  )

const SHOWN = 8

/** `AMBIGUOUS_ID`: several Ops have an id that begins with what was given. */
export class AmbiguousIdError extends KittyError {
  /** All of them, newest first. */
  readonly ids: readonly OpId[]

  constructor(prefix: string, ids: readonly OpId[]) {
    const more = ids.length > SHOWN ? `, and ${ids.length - SHOWN} more` : ''
    super('AMBIGUOUS_ID', `${ids.length} Ops begin with ${prefix}.`, {
      hint: `Give more of the id: ${ids.slice(0, SHOWN).join(', ')}${more}.`,
    })
    this.ids = ids
  }
}

/**
 * The one Op whose id begins with a prefix, in capital or small letters. `alsoKnown` are ids that may
 * have lost their file. Throws `OP_NOT_FOUND`, and an `AmbiguousIdError`.
 */
export const resolveOpId = async (
  root: string,
  prefix: string,
  alsoKnown: readonly OpId[] = [],
): Promise<OpId> => {
  const wanted = prefix.trim().toUpperCase()
  // The usual case, a whole id, need not look through the folder.
  if (isOpId(wanted) && hasRecord(root, wanted)) return wanted
  const onDisk = (await listRecords(root)).map(({ id }) => id)
  const ids = [...new Set([...onDisk, ...alsoKnown])].filter((id) => id.startsWith(wanted))
  const [only, second] = wanted === '' ? [] : ids
  if (only === undefined) throw notFound(prefix)
  if (second !== undefined) throw new AmbiguousIdError(wanted, ids)
  return only
}
