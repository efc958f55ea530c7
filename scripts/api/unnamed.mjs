import { readFileSync } from 'node:fs'
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
