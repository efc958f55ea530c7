/**
 * Marks the block in a file for people and agents. The names are those of the agents that need it. A begin without an end
 * is text of a person: a block holds no other begin. An empty line before it belongs to it.
 */
const BLOCK =
  /(?:(?<=^|\n)\r?\n)?<!-- spec-kitty:begin ([\w, -]*) -->\r?\n(?:(?!<!-- spec-kitty:begin )[\s\S])*?<!-- spec-kitty:end -->\r?\n?/

/** A merge can leave more than one block. */
const BLOCKS = new RegExp(BLOCK, 'g')

const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(BLOCKS)].flatMap(([, names = '']) =>
    names.split(',').flatMap((name) => name.trim() || []),
  )

/** Whether a file has the block for an agent. */
export const hasBlock = (text: string, agent: string): boolean => namesIn(text).includes(agent)

const blockOf = (names: readonly string[], instructions: string): string =>
  `<!-- spec-kitty:begin ${names.join(', ')} -->\n${instructions}<!-- spec-kitty:end -->\n`

const replaced = (text: string, names: readonly string[], instructions: string): string => {
  const [, own] = /-->(\r?\n)/.exec(BLOCK.exec(text)?.[0] ?? '') ?? []
  const eol = own ?? (text.includes('\r\n') ? '\r\n' : '\n')
  const block = blockOf(names, instructions).replaceAll('\n', eol)
  if (BLOCK.test(text)) {
    let rest = block
    return text.replace(BLOCKS, (found) => {
      const taken = rest === '' ? '' : `${/^\r?\n/.exec(found)?.[0] ?? ''}${rest}`
      rest = ''
      return taken
    })
  }
  const end = text === '' || text.endsWith('\n') ? '' : eol
  return `${text}${end}${text === '' ? '' : eol}${block}`
}

/** Puts the instructions for an agent into a text, or replaces them. */
export const withBlock = (text: string, agent: string, instructions: string): string =>
  replaced(text, [...new Set([...namesIn(text), agent])].toSorted(), instructions)

/** Removes the block, unless another agent needs it. */
export const withoutBlock = (text: string, agent: string, instructions: string): string => {
  const others = namesIn(text).filter((name) => name !== agent)
  if (!hasBlock(text, agent)) return text
  return others.length > 0
    ? replaced(text, [...new Set(others)], instructions)
    : text.replace(BLOCKS, '')
}

/** The same instructions as a skill. */
export const skillText = (instructions: string): string => `\
---
name: spec-kitty
description: Records AI work as Ops. Use before any change to this project, and when the work has ended.
---

${instructions}`
