import type { CommandClass } from '../command/base-command.js'

/** A single line end in a description is a space; an empty line separates paragraphs. */
const LINE_BREAK = /(?<!\n)\n(?!\n)/g

/** The description of a command in whole paragraphs; `undefined` if it has none. */
export const descriptionOf = ({ description }: CommandClass): string | undefined =>
  description?.replaceAll(LINE_BREAK, ' ')
