import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { isTrue, settingIn } from '../../src/fs/git-config.js'

it.each([
  '[core]\n\tworktree = ../a b\n',
  '[core] worktree=x\n',
  '[CORE]\r\n\tWorkTree = "x # y" # z\r\n',
  '[core]\n\tworktree = a\\\nb ; c\n',
  '[core]\n\tworktree = "a\\"b\\\\c\\td"  e  \n',
  '[core "sub"]\n\tworktree = no\n[other]\nworktree = no\n[core]\nworktree = yes\n',
  '[core]\nworktree = one\n[core]\nworktree = two\n',
  '[core]\n# worktree = no\n\tworktree2 = no\n\tworktree = "x"y\n',
  '  [core]  worktree  =  "  x  "  # y\n',
  '[core]\nworktree = a#b\n',
  '[core]\nworktree = "a;b" c;d\n',
  '[core]\nworktree = a\\tb\\nc\\bd\n',
  '[core]\nworktree = a = b\n',
  '[core]\nworktree = x\n\n[core "a\\"]b"] \nworktree = no\n',
  '[core]\nworktree = a  b\t\n',
  '[core]\nworktree = "x"  "y"  \n',
  '[core]\nworktree = x\\\r\ny\r\n',
])('a setting is read as git reads it: %j', async (text) => {
  const { git } = await newRepository()
  const path = join(await tempFolder(), 'config')
  await writeFile(path, text)
  const wanted = await git('config', '-z', '--file', path, 'core.worktree')
  expect(`${settingIn(await readFile(path, 'utf8'), 'core', 'worktree')}\0`).toBe(wanted)
})

it('a key without a value is true; a missing one is undefined', () => {
  expect(settingIn('[core]\n\tbare\n', 'core', 'bare')).toBe('true')
  expect(settingIn('[core]\n\tbare # why\n', 'core', 'bare')).toBe('true')
  expect(settingIn('[core]\n\tbare =\n', 'core', 'bare')).toBe('')
  expect(settingIn('[core]\n\tbare ; why\n', 'core', 'bare')).toBe('true')
  expect(settingIn('[core]\n\tbare = a\rb\n', 'core', 'bare')).toBe('a\rb')
  expect(settingIn('[user]\n\tbare = true\n', 'core', 'bare')).toBeUndefined()
  expect(settingIn('bare = true\n', 'core', 'bare')).toBeUndefined()
  expect(settingIn('[core]\n\tnot bare = true\n', 'core', 'bare')).toBeUndefined()
  expect(settingIn('[core]\n\tbare x\n', 'core', 'bare')).toBeUndefined()
  expect(settingIn('x [core]\n\tbare\n', 'core', 'bare')).toBeUndefined()
})

it.each([
  ['true', true],
  ['YES', true],
  ['on', true],
  ['1', true],
  ['0', false],
  ['', false],
  ['no', false],
  ['off', false],
  ['untrue', false],
  ['trues', false],
  ['-1', true],
  ['10', true],
  ['007', true],
  ['00', false],
  ['x1', false],
  [undefined, false],
])('%j is %j', (value, expected) => {
  expect(isTrue(value)).toBe(expected)
})
