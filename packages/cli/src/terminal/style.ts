import { styleText } from 'node:util'

type Paint = (text: string) => string

/** How text may be set off. */
export type Style = {
  readonly bold: Paint
  readonly dim: Paint
  readonly red: Paint
  readonly green: Paint
  readonly yellow: Paint
}

// Whether there is a terminal is decided here, and not by what Node thinks of its own streams.
const paint =
  (format: keyof Style): Paint =>
  (text) =>
    styleText(format, text, { validateStream: false })

const asItIs: Paint = (text) => text

/** No escape sequence at all. */
export const PLAIN: Style = {
  bold: asItIs,
  dim: asItIs,
  red: asItIs,
  green: asItIs,
  yellow: asItIs,
}

/** For a terminal that has colours. */
const COLOURED: Style = {
  bold: paint('bold'),
  dim: paint('dim'),
  red: paint('red'),
  green: paint('green'),
  yellow: paint('yellow'),
}

/** Escape sequences go to a terminal only, and only where the person does not mind. */
export const styleFor = ({ isTTY }: { readonly isTTY: boolean }, colour: boolean): Style =>
  isTTY && colour ? COLOURED : PLAIN
