import * as z from 'zod'

/** A type as commands produce it: nothing in it is changed. */
type Fixed<T> = T extends readonly (infer Item)[]
  ? readonly Fixed<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Fixed<T[Key]> }
    : T

/** The type of the JSON that a schema describes. */
export type Json<Schema extends z.ZodType> = Fixed<z.output<Schema>>

/** Describes a field that is not always present. `when` completes "present if …". */
export const onlyIf = <Schema extends z.ZodType>(when: string, schema: Schema) =>
  schema.exactOptional().meta({ when })

/** Names a schema that several commands use. It gets a section of its own in the documentation. */
export const named = <Schema extends z.ZodType>(title: string, schema: Schema) =>
  schema.meta({ title })

/** A text. */
export const text = (meaning: string) => z.string().describe(meaning)

/** A whole number. */
export const count = (meaning: string) => z.int().nonnegative().describe(meaning)

/** A number, as another program reported it. */
export const amount = (meaning: string) => z.number().describe(meaning)

/** A boolean. */
export const flag = (meaning: string) => z.boolean().describe(meaning)

/** The id of an Op. */
export const opId = (meaning = 'The id of the Op.') =>
  z
    .string()
    .regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/)
    .describe(meaning)

/** Several ids of Ops. */
export const opIds = (meaning: string) => z.array(opId()).describe(meaning)

/** One of a few texts. */
export const oneOf = <const Values extends readonly [string, ...string[]]>(
  values: Values,
  meaning: string,
) => z.enum(values).describe(meaning)

/** The text of a command that has been done. */
export const success = () => z.literal('success').describe('Always `success`.')

/** A path in the project root. */
export const recordPath = () => text('The record, relative to the project root, with `/`.')
