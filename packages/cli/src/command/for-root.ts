import { resolve } from 'node:path'
import { shellWord } from '@kitty/writer'
import { rootFlag } from './program.js'

export { rootFlag } from './program.js'

const QUOTED = String.raw`(?<!\S)(?:\$?'[^']*'|\\.|"[^"]*")+`
const VALIDATE = 'spec-kitty ops validate '
const WORDS = '(?:do|ask|advise|(?:config|doctor|hooks|ops|profile-invocation) [a-z-]+)'
const ID = '(?: [0-9A-Z]{26})?'
const COMMAND = String.raw`(?<!\S)spec-kitty ${WORDS}\b(?!${ID} --(?:help|root))${ID}`
const GIT = '(?<=(?::|then|and) )git(?= [a-z])'

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)

/** Matches the commands in a text. File names come first, so that no command is found inside one. */
const partsOf = (path: string | undefined): RegExp => {
  const names = path === undefined ? [] : [shellWord(path), path].map(literally)
  const files = [...names, String.raw`kitty-ops/[\w./-]*\w`].join('|')
  return new RegExp([`${VALIDATE}(?:${files})`, ...names, QUOTED, COMMAND, GIT].join('|'), 'g')
}

/** Makes each command in a library's text act on the root that was named. `path` is the file that the text is about. */
export const rootedText = (text: string, root: string | undefined, path?: string): string => {
  if (root === undefined) return text
  return text.replace(partsOf(path), (part) => {
    if (part === 'git') return `git -C ${shellWord(root)}`
    // `ops validate` takes paths relative to the current folder.
    if (part.startsWith(VALIDATE)) {
      const word = part.slice(VALIDATE.length)
      const file = path !== undefined && word === shellWord(path) ? path : word
      return `${VALIDATE}${shellWord(resolve(root, file))}`
    }
    return part.startsWith('spec-kitty ') ? `${part}${rootFlag(root)}` : part
  })
}

type Told = { readonly message: string; readonly hint?: string; readonly path?: string }

/** The same for the message and the hint of a finding. */
export const withRoot =
  (root: string | undefined) =>
  <T extends Told>(told: T): T => ({
    ...told,
    message: rootedText(told.message, root, told.path),
    ...(told.hint !== undefined && { hint: rootedText(told.hint, root, told.path) }),
  })
