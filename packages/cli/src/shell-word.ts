const PLAIN = /^[\w/.:@+-]+$/

/**
 * A text as one word of a command line that is typed into a shell. Nothing in it is obeyed by a POSIX shell; those of
 * Windows agree on no quoting that keeps them from expanding `%NAME%` or `$(…)`.
 */
export const shellWord = (text: string, platform: NodeJS.Platform = process.platform): string => {
  if (PLAIN.test(text)) return text
  return platform === 'win32'
    ? `"${text.replaceAll('"', '\\"')}"`
    : `'${text.replaceAll("'", "'\\''")}'`
}
