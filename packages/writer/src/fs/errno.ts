/** The `code` of an error from the operating system, such as `ENOENT`. */
export const errnoOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined

/** True when the deed was done, false when it failed with just this code; other errors are thrown. */
export const ignoring = async (code: string, deed: Promise<unknown>): Promise<boolean> => {
  try {
    await deed
    return true
  } catch (error) {
    if (errnoOf(error) === code) return false
    throw error
  }
}

/** The same for a synchronous deed. */
export const unless = (code: string, deed: () => void): boolean => {
  try {
    deed()
    return true
  } catch (error) {
    if (errnoOf(error) === code) return false
    throw error
  }
}
