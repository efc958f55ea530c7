import { resolve } from 'node:path'
import { newOpId } from '@kitty/record'
import { shellWord } from '@kitty/writer'
import { expect, it } from 'vitest'
import { rootedText, withRoot } from '../../src/command/for-root.js'
import type { Io } from '../../src/command/io.js'
import { processIo } from '../../src/command/io.js'
import { outputModeOf } from '../../src/command/output-mode.js'
import { SPEC_KITTY } from '../../src/package-info.js'

const CWD = resolve('/here')
const ROOT = resolve('/a b/$(touch pwned)')
const ID = newOpId()
const FLAG = `--root ${shellWord(ROOT)}`

const rootIn = (argv: readonly string[], variables: Io['variables'] = {}) =>
  outputModeOf(argv, { ...processIo(), cwd: CWD, variables }, SPEC_KITTY).root

it('is that of the flag, then of the environment, relative to the current folder', () => {
  const variables = { SPEC_KITTY_ROOT: '../env' }
  expect(rootIn(['x', '--root', '../there', '--json'], variables)).toBe(resolve('/there'))
  expect(rootIn(['--root=there'])).toBe(resolve('/here/there'))
  expect(rootIn(['x'], variables)).toBe(resolve('/env'))
  expect(rootIn(['x', '--', '--root', 'there'])).toBeUndefined()
  expect(rootIn(['x', '--root'])).toBeUndefined()
})

it.each([
  ['Run: spec-kitty doctor ops --fix', `Run: spec-kitty doctor ops ${FLAG} --fix`],
  ['spec-kitty doctor ops finds it.', `spec-kitty doctor ops ${FLAG} finds it.`],
  ['as in: spec-kitty do "x" -- npm test', `as in: spec-kitty do ${FLAG} "x" -- npm test`],
  ['To see it: git log, then git commit', 'To see it: GIT log, then GIT commit'],
  [
    `To close it: spec-kitty ops complete ${ID} --outcome done`,
    `To close it: spec-kitty ops complete ${ID} ${FLAG} --outcome done`,
  ],
  ['See: spec-kitty ops list --help', 'See: spec-kitty ops list --help'],
  ['See: spec-kitty --help', 'See: spec-kitty --help'],
  ["It is somebody's (git add -A does that).", "It is somebody's (git add -A does that)."],
  ['Give "spec-kitty ops list" a name', 'Give "spec-kitty ops list" a name'],
])('is named by the commands in: %s', (text, expected) => {
  const told = rootedText(text, ROOT)
  expect(told).toBe(expected.replaceAll('GIT', `git -C ${shellWord(ROOT)}`))
  expect(rootedText(told, ROOT)).toBe(told)
  expect(rootedText(text, undefined)).toBe(text)
})

it('is not put into the name of a file, and a file to validate is named in full', () => {
  const path = "kitty-ops/it's 'a: spec-kitty ops archive: git x.jsonl"
  const message = (file: string, flag: string) =>
    `${path} is odd. See: spec-kitty ops validate ${file}. Then: spec-kitty ops reindex${flag}`
  const hint = 'See: spec-kitty ops validate kitty-ops/x.jsonl.'
  expect(withRoot(ROOT)({ path, message: message(shellWord(path), ''), hint })).toEqual({
    path,
    message: message(shellWord(resolve(ROOT, path)), ` ${FLAG}`),
    hint: `See: spec-kitty ops validate ${shellWord(resolve(ROOT, 'kitty-ops/x.jsonl'))}.`,
  })
})
