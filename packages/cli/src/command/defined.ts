/** A type without `undefined` and `null`: every field is optional. */
export type Defined<T> = { [Key in keyof T]?: NonNullable<T[Key]> }

/** Returns a copy without the fields that are `undefined` or `null`. */
export const definedFields = <T extends object>(values: T): Defined<T> => {
  const result: Defined<T> = {}
  for (const key in values) {
    const value = values[key]
    if (value !== undefined && value !== null) result[key] = value
  }
  return result
}
