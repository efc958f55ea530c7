import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, test } from 'vitest'
import { ok, stop } from '../../src/git/result.js'
import { readProtectionConfig } from '../../src/guard/protection.js'
import { parseProtectionConfig as parse } from '../../src/guard/protection-yaml.js'

const parseProtectionConfig = (text: string) => parse(text, '.kittify/config.yaml')

const list = (branches: string): string => `protection:\n  protected_branches: ${branches}\n`

describe('the list is used exactly', () => {
  test.each([
    ['[main, release/1.x]', ['main', 'release/1.x']],
    ['[]', []],
    ['\n    - main\n    - "on"', ['main', 'on']],
  ])('%j', (yaml, branches) => {
    expect(parseProtectionConfig(list(yaml))).toEqual(ok({ branches }))
  })
})

test.each(['', '# nothing but a comment\n', 'vcs: git\n', 'protection:\n', 'protection: {}\n'])(
  'no list in %j',
  (text) => {
    expect(parseProtectionConfig(text)).toEqual(ok({ branches: undefined }))
  },
)

describe('invalid content is refused with file and line, and never replaced by a default', () => {
  test.each([
    ['a string for a list', list('main'), 2, 'must be a list of branch names.'],
    ['null for a list', list(''), 2, 'must be a list of branch names.'],
    ['a map for a list', list('{ main: true }'), 2, 'must be a list of branch names.'],
    ['a number in the list', list('\n    - main\n    - 1.0'), 4, 'must be the name of a branch.'],
    ['a ref for a name', list('\n    - main\n    - refs/heads/x'), 4, 'without refs/heads/.'],
    ['an empty name', list('\n    - ""'), 3, 'protected_branches.0 must not be empty.'],
    [
      'a list for protection',
      'vcs: git\nprotection:\n  - main\n',
      3,
      'protection must be a mapping.',
    ],
    ['a list for the file', '- main\n', 1, 'the file must be a mapping.'],
    ['a key twice', 'protection: {}\nprotection: {}\n', 2, 'unique'],
    ['YAML that does not parse', 'vcs: git\nprotection: [main\n', 3, 'end with a ]'],
    ['two documents', 'a: 1\n---\nb: 2\n', 2, 'multiple documents'],
    ['an alias for nothing', 'a: 1\nprotection: *nothing\n', 2, 'nothing'],
  ])('%s', (_, text, line, words) => {
    const result = parseProtectionConfig(text)
    expect(result).toMatchObject(stop({ status: 'refused', code: 'CONFIG_INVALID' }))
    const start = `.kittify/config.yaml, line ${line}: `
    expect(result).toHaveProperty('result.message', expect.stringContaining(start))
    expect(result).toHaveProperty('result.message', expect.stringContaining(words))
    expect(result).toHaveProperty('result.hint', expect.stringContaining('protected_branches'))
  })

  test('aliases that multiply', () => {
    const bomb = Array.from({ length: 9 }, (_, level) => {
      const inner =
        level === 0
          ? '["x"]'
          : `[${Array(9)
              .fill(`*l${level - 1}`)
              .join(',')}]`
      return `l${level}: &l${level} ${inner}\n`
    })
    const result = parseProtectionConfig(`${bomb.join('')}${list('*l8')}`)
    expect(result).toMatchObject(stop({ status: 'refused', code: 'CONFIG_INVALID' }))
  })
})

describe('the file', () => {
  test('none: no list', async () => {
    expect(await readProtectionConfig(await tempFolder())).toEqual(ok({ branches: undefined }))
  })

  test('a regular file is read', async () => {
    const { path, write } = await newRepository()
    await write('.kittify/config.yaml', list('[x]'))
    expect(await readProtectionConfig(path)).toEqual(ok({ branches: ['x'] }))
  })

  test('a symbolic link is refused', async () => {
    const { path, write } = await newRepository()
    await write('.kittify/elsewhere.yaml', list('[]'))
    await symlink('elsewhere.yaml', join(path, '.kittify', 'config.yaml'))
    const result = await readProtectionConfig(path)
    expect(result).toMatchObject(stop({ status: 'refused', code: 'SYMLINK_REFUSED' }))
  })

  test('a file in a linked folder is refused', async () => {
    const { path, write } = await newRepository()
    await write('elsewhere/config.yaml', list('[]'))
    await symlink('elsewhere', join(path, '.kittify'), 'dir')
    const result = await readProtectionConfig(path)
    expect(result).toMatchObject(stop({ status: 'refused', code: 'SYMLINK_REFUSED' }))
  })

  test('a folder in its place is refused', async () => {
    const { path, write } = await newRepository()
    await write('.kittify/config.yaml/file', '')
    const result = await readProtectionConfig(path)
    expect(result).toMatchObject(stop({ status: 'refused', code: 'NOT_A_FILE' }))
  })
})
