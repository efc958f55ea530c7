import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const PACKAGES = fileURLToPath(new URL('../../packages', import.meta.url))
const DECLARED = /^(?:export )?(?:declare )?(?:abstract )?(?:type|interface|class) (\w+)(?=[ <=])/gm

const typesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => {
      const text = readFileSync(join(folder, path), 'utf8')
      return [...text.matchAll(DECLARED)].map(([, name = '']) => name)
    })

it.each(readdirSync(PACKAGES))('%s declares a type name once', (name) => {
  const types = typesIn(join(PACKAGES, name, 'src'))
  expect(types.length).toBeGreaterThan(0)
  expect(types.filter((type, at) => types.indexOf(type) !== at)).toEqual([])
})
