import * as z from 'zod/mini'

/** Whether a value fits a schema. */
export type Validator = (value: unknown) => boolean

/** For browsers and edge workers: small, and does not compile code from strings. */
export const validatorOf =
  (schema: z.ZodMiniType): Validator =>
  (value) =>
    z.validate(schema, value)
