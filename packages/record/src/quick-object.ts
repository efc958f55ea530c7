import { unknown, ZodMiniObject } from 'zod/mini'
import { $constructor, type $loose, $ZodObjectJIT, type $ZodShape } from 'zod/v4/core'

/**
 * The object schema of zod/mini with the parser of the whole zod, which is written for the one
 * schema at its first use. Where code from strings is forbidden, it is the slower, usual parser.
 */
const QuickObject = $constructor<ZodMiniObject>('QuickObject', (schema, definition) => {
  $ZodObjectJIT.init(schema, definition)
  ZodMiniObject.init(schema, definition)
})

/** An object with these fields, and whatever others it has; lines of a record are made of it. */
export function openObject<Shape extends $ZodShape>(shape: Shape): ZodMiniObject<Shape, $loose>
export function openObject(shape: $ZodShape): ZodMiniObject {
  const error = () => 'must be an object'
  return new QuickObject({ type: 'object', shape, catchall: unknown(), error })
}
