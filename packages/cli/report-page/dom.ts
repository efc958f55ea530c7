type Child = Node | string

/** The element with this id, which the markup has. */
export const place = <T extends HTMLElement>(id: string, kind: new () => T): T => {
  const element = document.getElementById(id)
  if (element instanceof kind) return element
  throw new Error(`The page has no ${id}.`)
}

/** A new element. Text goes in as text, so nothing that a record holds is ever read as markup. */
export const make = <K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] => {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  element.append(...children)
  return element
}

/** A control character would be invisible, or turn the direction of what follows. */
const UNSEEN = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** A text of one line from a record, its invisible characters made visible. */
export const shown = (text: string): string =>
  text.replaceAll(UNSEEN, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`)
