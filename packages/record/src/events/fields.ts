import * as z from 'zod/mini'

// zod/mini has no messages of its own: every field says what it must be.

/** Any text. */
export const text = z.string('must be text')
/** Text that is not empty. */
export const filledText = text.check(z.minLength(1, 'must not be empty'))
/** True or false. */
export const flag = z.boolean('must be true or false')

/** A number. */
export const number = z.number('must be a number')
/** One word of a list. */
export const oneOf = <const Words extends readonly string[]>(words: Words) =>
  z.enum(words, `must be one of ${words.join(', ')}`)

/** A field that can be missing, but cannot be `undefined`. */
export const optional = z.exactOptional

/** Text of 1 to `max` characters. */
export const textUpTo = (max: number) =>
  filledText.check(z.maxLength(max, `must be at most ${max} characters`))

/** One line of text, of 1 to `max` characters. Line separators count as control characters. */
export const labelUpTo = (max: number) =>
  textUpTo(max).check(z.regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'must not contain control characters'))

/** The name of an event. */
export const eventName = <const Name extends string>(name: Name) =>
  z.literal(name, `must be ${name}`)

/** An object with these fields and no others. */
export const closedObject = <Shape extends z.core.$ZodShape>(shape: Shape) =>
  z.strictObject(shape, 'must be an object with the known fields and no others')

/** An object with these fields, and any others. */
export const openObject = <Shape extends z.core.$ZodShape>(shape: Shape) =>
  z.looseObject(shape, 'must be an object')
