import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { declarations } from './declarations.mjs'

const TYPE = /^(?:export )?(?:declare )?(?:abstract )?(?:type|interface|class|enum) /
const WORDS = /[A-Za-z_$][\w$]*/g

/**
 * Returns the types that an exported declaration of a package names and that none of its entry points exports, each as
 * `Type, in file`. Reads the built declarations. A type of another package can be imported from there.
 */
export const unnamedTypes = (folder) => {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const { exportedBy, find } = declarations()
  const entries = Object.values(exports).flatMap(({ types }) => types ?? [])
  const exported = entries.flatMap((entry) => {
    const file = join(folder, entry)
    return exportedBy(file).flatMap((name) => find(file, name) ?? [])
  })
  const known = new Set(exported.map(({ text }) => text))
  const unnamed = exported.flatMap(({ file, text }) =>
    [...text.matchAll(WORDS)].flatMap(([word]) => {
      const named = find(file, word)
      return named === undefined || !TYPE.test(named.text) || known.has(named.text) ? [] : [named]
    }),
  )
  return [
    ...new Set(unnamed.map(({ file, name }) => `${name}, in ${file.slice(folder.length + 1)}`)),
  ]
}

const COMMENT = /\/\*\*[\s\S]*?\*\//g
const MENTIONED = /`(\w+)`|\{@link (\w+)\}/g
const DECLARED = /^export (?:abstract )?(?:const|function|class|type|interface) (\w+)/gm

/** The comments of a declaration: the one before it, and those in it. */
const commentsOf = (text, name) => {
  const at = text.search(new RegExp(`(?:const|function|class|type|interface) ${name}\\b`))
  const end = text.indexOf('\n}', at)
  const before = text.slice(0, at)
  const start = before.endsWith('export declare ') || before.endsWith('export ')
  const own = start ? before.slice(Math.max(before.lastIndexOf('/**'), 0)) : ''
  return [...`${own}${text.slice(at, end < 0 ? undefined : end)}`.matchAll(COMMENT)].join('\n')
}

/** Returns the names that the comments of a package's main entry point mention though no entry point exports them. */
export const unknownInComments = (folder) => {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const { exportedBy, find } = declarations()
  const entries = Object.values(exports).flatMap(({ types }) =>
    types ? [join(folder, types)] : [],
  )
  const known = new Set(entries.flatMap(exportedBy))
  const source = join(folder, 'src')
  const declared = new Set(
    readdirSync(source, { recursive: true })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => [...readFileSync(join(source, name), 'utf8').matchAll(DECLARED)])
      .map(([, name]) => name),
  )
  const unknown = exportedBy(entries[0]).flatMap((name) => {
    const found = find(entries[0], name)
    const comments =
      found === undefined ? '' : commentsOf(readFileSync(found.file, 'utf8'), found.name)
    return [...comments.matchAll(MENTIONED)]
      .map(([, word, link]) => word ?? link)
      .filter((word) => declared.has(word) && !known.has(word))
      .map((word) => `${name}: ${word}`)
  })
  return [...new Set(unknown)]
}
