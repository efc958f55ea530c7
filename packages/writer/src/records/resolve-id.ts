import { isOpId, KittyError, type OpId } from '@kitty/record'
import { listRecords } from './list-records.js'
import { hasRecord } from './record-file.js'

export const notFound = (wanted: unknown): KittyError =>
  new KittyError('OP_NOT_FOUND', `No such Op: ${JSON.stringify(String(wanted).slice(0, 80))}`, {
    hint: 'Check the id against the list of Ops.',
  })

const SHOWN = 8

/** `AMBIGUOUS_ID`: several Op ids start with the given prefix. */
export class AmbiguousIdError extends KittyError {
  /** All matching ids, newest first. */
  readonly ids: readonly OpId[]

  constructor(prefix: string, ids: readonly OpId[]) {
    const more = ids.length > SHOWN ? `, and ${ids.length - SHOWN} more` : ''
    super('AMBIGUOUS_ID', `${ids.length} Op ids start with ${prefix}.`, {
      hint: `Use one of these ids (any unique prefix works): ${ids.slice(0, SHOWN).join(', ')}${more}.`,
    })
    this.ids = ids
  }
}

/**
 * Finds the one Op whose id starts with a prefix, in upper or lower case. `alsoKnown` are ids whose record may be
 * missing on disk. Throws `OP_NOT_FOUND`, and an `AmbiguousIdError`.
 */
export const resolveOpId = async (
  root: string,
  prefix: string,
  alsoKnown: readonly OpId[] = [],
): Promise<OpId> => {
  const wanted = prefix.trim().toUpperCase()
  // A complete id, the usual case, needs no directory listing.
  if (isOpId(wanted) && hasRecord(root, wanted)) return wanted
  const onDisk = (await listRecords(root)).map(({ id }) => id)
  const ids = [...new Set([...onDisk, ...alsoKnown])].filter((id) => id.startsWith(wanted))
  const [only, second] = wanted === '' ? [] : ids
  if (only === undefined) throw notFound(prefix)
  if (second !== undefined) throw new AmbiguousIdError(wanted, ids)
  return only
}
