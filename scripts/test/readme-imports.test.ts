// Checks that the code in the documentation imports only what the packages export.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const top = new URL('../../', import.meta.url)
const textOf = (path: string) => readFileSync(new URL(path, top), 'utf8')

const PACKAGES = readdirSync(new URL('packages', top))
const DOCS = readdirSync(new URL('docs', top)).filter((name) => name.endsWith('.md'))
const PAGES = [
  'README.md',
  ...PACKAGES.map((name) => `packages/${name}/README.md`),
  ...DOCS.map((name) => `docs/${name}`),
]
const REPORTS = PACKAGES.map((name) => textOf(`docs/api/${name}.md`)).join('\n')

const IMPORT = /^import (?:type )?\{([^}]*)\} from '(@kitty\/[^']+)'/gm

/** Returns what a page imports: `entry point: name`. */
const importsIn = (page: string): readonly string[] =>
  [...textOf(page).matchAll(IMPORT)].flatMap(([, names = '', entry]) =>
    names.split(',').map((name) => `${entry}: ${name.replace(/^\s*type /, '').trim()}`),
  )

const isExported = (imported: string): boolean => {
  const [entry, name] = imported.split(': ')
  const [, section = ''] = REPORTS.split(`\n## \`${entry}\`\n`)
  const exported = section.split('\n## ')[0] ?? ''
  return new RegExp(`^(export [^;{=(]*|Re-exported:.*)\\b${name}\\b`, 'm').test(exported)
}

it('the documentation imports only what the packages export', () => {
  const imports = PAGES.flatMap(importsIn)
  expect(imports).toContain('@kitty/doctor: doctorOps')
  expect(imports.filter((imported) => !isExported(imported))).toEqual([])
  expect(isExported('@kitty/doctor: noSuchName')).toBe(false)
})
