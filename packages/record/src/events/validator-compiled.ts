import * as z from 'zod/mini'
import type { Validator } from './validator.js'

// Compiling takes some milliseconds and saves one or two microseconds for each line.
const MIN_USES_TO_COMPILE = 500

/** For Node, where size matters less: compiles a schema once it is used often. */
export function validatorOf(schema: z.ZodMiniType): Validator {
  let uses = 0
  let fastest = schema
  return (value) => {
    uses += 1
    if (uses === MIN_USES_TO_COMPILE) fastest = z.compile(schema)
    return z.validate(fastest, value)
  }
}
