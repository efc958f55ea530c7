import { styleText } from 'node:util'

type Paint = (text: string) => string

/** The styles of text. */
export type Style = {
  readonly bold: Paint
  readonly dim: Paint
  readonly red: Paint
  readonly green: Paint
  readonly yellow: Paint
}

// This module decides whether there is a terminal. Node would check its own streams.
const paint =
  (format: keyof Style): Paint =>
  (text) =>
    styleText(format, text, { validateStream: false })

const asItIs: Paint = (text) => text

/** Without escape sequences. */
export const PLAIN: Style = {
  bold: asItIs,
  dim: asItIs,
  red: asItIs,
  green: asItIs,
  yellow: asItIs,
}

/** For a terminal with colours. */
const COLOURED: Style = {
  bold: paint('bold'),
  dim: paint('dim'),
  red: paint('red'),
  green: paint('green'),
  yellow: paint('yellow'),
}

/** The style for a stream. Only a terminal gets escape sequences, and only if colours are on. */
export const styleFor = ({ isTTY }: { readonly isTTY: boolean }, colour: boolean): Style =>
  isTTY && colour ? COLOURED : PLAIN
