import { isOpId, KittyError, type OpId } from '@kitty/record'
import { listRecords } from './list-records.js'
import { hasRecord } from './record-file.js'

export const notFound = (wanted: unknown): KittyError =>
  new KittyError('OP_NOT_FOUND', `No such Op: ${JSON.stringify(String(wanted).slice(0, 80))}`, {
    hint: 'Check the id against the list of Ops.',
  })

const SHOWN = 8

/** The part of an id that names an Op. */
export type IdPart = 'start' | 'end'

/** `AMBIGUOUS_ID`: several Op ids start with the given prefix, or end with the given ending. */
export class AmbiguousIdError extends KittyError {
  /** All matching ids, newest first. */
  readonly ids: readonly OpId[]

  constructor(typed: string, ids: readonly OpId[], part: IdPart = 'start') {
    const more = ids.length > SHOWN ? `, and ${ids.length - SHOWN} more` : ''
    super('AMBIGUOUS_ID', `${ids.length} Op ids ${part} with ${typed}.`, {
      hint: `Use one of these ids (any unique prefix works): ${ids.slice(0, SHOWN).join(', ')}${more}.`,
    })
    this.ids = ids
  }
}

/** What can be the end of an id. A shorter one is too easily the end of another Op. */
const ENDING = /^[0-9A-HJKMNP-TV-Z]{4,25}$/

/** Returns a function that checks whether an id has this start or end, in upper or lower case. */
export const idMatcher = (typed: string, part: IdPart): ((id: OpId) => boolean) => {
  const wanted = typed.trim().toUpperCase()
  if (part === 'start') return (id) => wanted !== '' && id.startsWith(wanted)
  return (id) => ENDING.test(wanted) && id.endsWith(wanted)
}

/**
 * Finds an Op by the start of its id. If `find` throws `OP_NOT_FOUND` for it, finds the Op by the end of its id, so that a
 * prefix in any place has priority over an ending.
 */
export const byStartOrEnd = async <T>(
  typed: string,
  find: (part: IdPart) => Promise<T>,
): Promise<T> => {
  try {
    return await find('start')
  } catch (error) {
    const isMissing = error instanceof KittyError && error.code === 'OP_NOT_FOUND'
    if (isMissing && ENDING.test(typed.trim().toUpperCase())) return find('end')
    throw error
  }
}

/**
 * Finds the one Op whose id has this start or end, in upper or lower case. An end needs at least four characters.
 * `alsoKnown` are ids whose record may be missing on disk. Throws `OP_NOT_FOUND`, and an `AmbiguousIdError`.
 */
export const resolveOpId = async (
  root: string,
  typed: string,
  alsoKnown: readonly OpId[] = [],
  part: IdPart = 'start',
): Promise<OpId> => {
  const wanted = typed.trim().toUpperCase()
  // A complete id, the usual case, needs no directory listing.
  if (isOpId(wanted) && hasRecord(root, wanted)) return wanted
  const onDisk = (await listRecords(root)).map(({ id }) => id)
  const ids = [...new Set([...onDisk, ...alsoKnown])].filter(idMatcher(typed, part))
  const [only, second] = ids
  if (only === undefined) throw notFound(typed)
  if (second !== undefined) throw new AmbiguousIdError(wanted, ids, part)
  return only
}
