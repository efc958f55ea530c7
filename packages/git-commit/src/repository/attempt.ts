/** What it gives; undefined where it throws. For files that may not be there, or be gone any moment. */
export const attempt = <T>(read: () => T): T | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}
