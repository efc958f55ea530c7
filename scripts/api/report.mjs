import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { declarations } from './declarations.mjs'

const byName = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

const WORDS = /[A-Za-z_$][\w$]*/g

/** What these declarations speak of and do not hold themselves, and what that speaks of in turn. */
const reached = ({ find }, roots) => {
  const seen = new Map(roots.map((each) => [each.text, each]))
  const queue = [...roots]
  for (const { file, text } of queue) {
    for (const [word] of text.matchAll(WORDS)) {
      const found = find(file, word)
      if (found === undefined || seen.has(found.text)) continue
      seen.set(found.text, found)
      queue.push(found)
    }
  }
  return queue.slice(roots.length)
}

const block = (list) => ['```ts', ...list.sort(byName).map(({ text }) => `${text}\n`), '```', '']

const sectionOf = (entry, file) => {
  const from = declarations()
  const names = [...new Set(from.exportedBy(file))]
  const roots = names.flatMap((name) => from.find(file, name) ?? [])
  const missing = names.filter((name) => from.find(file, name) === undefined)
  // A name that comes from another package is only passed on.
  const passedOn = missing.length > 0 ? [`Passed on: ${missing.sort().join(', ')}`, ''] : []
  const inside = reached(from, roots)
  const others = inside.length > 0 ? ['Spoken of, and not exported:', '', ...block(inside)] : []
  return [`## \`${entry}\``, '', ...passedOn, ...block(roots), ...others]
}

/** The public face of a package, as its built declarations have it: Markdown that compares. */
export const reportOf = (folder) => {
  const { name, publishConfig } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const entries = Object.entries(publishConfig.exports).filter(([, target]) => target.types)
  const sections = entries.flatMap(([entry, { types }]) =>
    sectionOf(join(name, entry).replaceAll('\\', '/'), join(folder, types)),
  )
  const made = '<!-- Made by `npm run api` from the built declarations; not for editing. -->'
  return [`# The API of ${name}`, '', made, '', ...sections].join('\n')
}
