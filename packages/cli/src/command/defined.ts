/** The same without what is missing: a flag that was not given is not there. */
export type Given<T> = { [Key in keyof T]?: NonNullable<T[Key]> }

/** Leaves out what is `undefined` or `null`. */
export const given = <T extends object>(values: T): Given<T> => {
  const result: Given<T> = {}
  for (const key in values) {
    const value = values[key]
    if (value !== undefined && value !== null) result[key] = value
  }
  return result
}
