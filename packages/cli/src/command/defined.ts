/** The same without what is missing: a flag that was not given is not there. */
export type Defined<T> = { [Key in keyof T]?: NonNullable<T[Key]> }

/** Leaves out what is `undefined` or `null`. */
export const definedFields = <T extends object>(values: T): Defined<T> => {
  const result: Defined<T> = {}
  for (const key in values) {
    const value = values[key]
    if (value !== undefined && value !== null) result[key] = value
  }
  return result
}
