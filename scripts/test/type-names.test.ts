import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const PACKAGES = fileURLToPath(new URL('../../packages', import.meta.url))
const DECLARED = /^(?:export )?(?:declare )?(?:abstract )?(?:type|interface|class) (\w+)(?=[ <=])/gm

const sourcesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(folder, path), 'utf8'))

const typesIn = (folder: string): readonly string[] =>
  sourcesIn(folder).flatMap((text) => [...text.matchAll(DECLARED)].map(([, name = '']) => name))

it.each(readdirSync(PACKAGES))('%s declares a type name once', (name) => {
  const types = typesIn(join(PACKAGES, name, 'src'))
  expect(types.length).toBeGreaterThan(0)
  expect(types.filter((type, at) => types.indexOf(type) !== at)).toEqual([])
})

const TYPE = /^(?:export )?(?:type|interface) (\w+)[\s\S]*?(?=^\S|(?![\s\S]))/gm
const FIELD = /^\s+(?:readonly )?(\w+)\??[:(]/gm

/** Returns the types that have fields in snake_case and others in camelCase. */
const mixedTypesIn = (text: string): readonly string[] =>
  [...text.replaceAll(/\/\*[\s\S]*?\*\//g, '').matchAll(TYPE)].flatMap(([type, name = '']) => {
    const fields = [...type.matchAll(FIELD)].map(([, field = '']) => field)
    const isMixed =
      fields.some((field) => /_/.test(field)) && fields.some((field) => /[A-Z]/.test(field))
    return isMixed ? [name] : []
  })

it.each(['record', 'writer', 'git-commit', 'cli'])(
  '%s has no type whose names mix snake_case and camelCase',
  (name) => {
    expect(sourcesIn(join(PACKAGES, name, 'src')).flatMap(mixedTypesIn)).toEqual([])
  },
)

it('finds a type that mixes them', () => {
  const pure =
    'export type Wire = {\n  readonly op_id: string\n}\nexport type Own = {\n  readonly opId: string\n}\n'
  const mixed =
    'export type Both = {\n  readonly op_id: string\n  /** Its age. */\n  readonly ageHours?: number\n}\n'
  expect(mixedTypesIn(`${pure}${mixed}`)).toEqual(['Both'])
})
