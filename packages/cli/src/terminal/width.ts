import measure from 'fast-string-truncated-width'

/** How many columns of a terminal a text takes; a wide character takes two. */
export const widthOf = (text: string): number => measure(text).width

/** A text, cut off to so many columns; `mark` stands for what was left out. */
export const cutTo = (text: string, width: number, mark = '…'): string => {
  const { index, truncated, ellipsed } = measure(text, { limit: width, ellipsis: mark })
  return truncated ? text.slice(0, index) + (ellipsed ? mark : '') : text
}

/** A text, filled up with spaces to so many columns. */
export const padTo = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)))
