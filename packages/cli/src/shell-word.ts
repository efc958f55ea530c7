const PLAIN = /^[\w/.:@+-]+$/

/**
 * A text as one word of a command line that is typed into a shell, which must not obey anything in it. A
 * path on Windows holds no double quotes.
 */
export const shellWord = (text: string, platform: NodeJS.Platform = process.platform): string => {
  if (PLAIN.test(text)) return text
  return platform === 'win32' ? `"${text}"` : `'${text.replaceAll("'", "'\\''")}'`
}
