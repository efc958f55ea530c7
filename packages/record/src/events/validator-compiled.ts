import * as z from 'zod/mini'
import type { Validator } from './validator.js'

// Compiling takes some milliseconds and saves one or two microseconds a line.
const MIN_USES_TO_COMPILE = 500

/** For Node, where size matters less: a schema that is often asked is compiled. */
export function validatorOf(schema: z.ZodMiniType): Validator {
  let asked = 0
  let quickest = schema
  return (value) => {
    asked += 1
    if (asked === MIN_USES_TO_COMPILE) quickest = z.compile(schema)
    return z.validate(quickest, value)
  }
}
