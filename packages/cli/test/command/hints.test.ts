import { resolve } from 'node:path'
import { newOpId } from '@kitty/record'
import { newRepository } from '@kitty/test-kit'
import { shellWord } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { hintedCommit, hintFor } from '../../src/command/hints.js'
import { helpCommand, ownCommand } from '../../src/command/program.js'
import { jsonIn, openIn, runIn } from '../support/in-process.js'

const HERE = { bin: 'tool', topicSeparator: ' ', root: undefined }
const ROOT = resolve('/a b/$(touch pwned)')
const THERE = { ...HERE, root: ROOT }
const ID = newOpId()
const about = { id: ID, path: "kitty-ops/it's.jsonl" }

/** The first command of the hint for each code or reason. */
const COMMANDS = [
  ['OP_NOT_FOUND', 'tool ops list'],
  ['RECORD_CHANGED', 'tool doctor ops'],
  ['NOT_CLOSED', 'tool doctor ops'],
  ['LOCK_TIMEOUT', 'tool doctor ops'],
  ['record-changed', 'tool doctor ops'],
  ['CLOSED_IN_HEAD', 'tool doctor ops'],
  ['CLOSE_IN_PROGRESS', `tool ops show ${ID}`],
  ['OPEN_RECORD', `tool ops complete ${ID}`],
  ['lock-timeout', 'tool doctor ops'],
  ['other-strategy', 'tool doctor ops'],
  ['FILE_MISSING', 'tool doctor ops'],
] as const

describe('the hint for a code', () => {
  it.each(COMMANDS)('%s has the command: %s', (code, command) => {
    expect(hintFor(code, '', about, HERE)).toContain(`: ${command}`)
    expect(hintFor(code, '', about, THERE)).toContain(`: ${command} --root ${shellWord(ROOT)}`)
  })

  it.each(['lock-timeout', 'other-strategy', 'FILE_MISSING'])('%s commits with --fix', (code) => {
    expect(hintFor(code, '', about, HERE)).toMatch(/: tool doctor ops --fix$/)
  })

  it('names git in the root that was named, and each path as one word', () => {
    const word = shellWord(about.path)
    const restore = `git -C ${shellWord(ROOT)} checkout HEAD -- ${word}`
    expect(hintFor('CLOSED_IN_HEAD', '', about, THERE)).toContain(restore)
    expect(hintFor('CLOSED_IN_HEAD', '', about, HERE)).toContain(`git checkout HEAD -- ${word}`)
    const file = shellWord(resolve(ROOT, about.path))
    expect(hintFor('RECORD_DAMAGED', '', about, THERE)).toMatch(/: tool ops validate /)
    expect(hintFor('RECORD_DAMAGED', '', about, THERE)).toContain(file)
    expect(hintFor('RECORD_DAMAGED', '', {}, HERE)).toContain('tool doctor ops')
    const branch = `git -C ${shellWord(ROOT)} switch --create my-branch`
    expect(hintFor('PROTECTED_BRANCH', '', about, THERE)).toContain(branch)
  })

  it("is the library's own for any other code", () => {
    expect(hintFor('NO_IDENTITY', 'Set user.name.', about, THERE)).toBe('Set user.name.')
    expect(hintFor('constructor', 'Own.', {}, HERE)).toBe('Own.')
    const skipped = { status: 'skipped', reason: 'disabled' }
    expect(hintedCommit(skipped, about, HERE)).toBe(skipped)
  })
})

describe('a command of the program', () => {
  it('separates its words as the program does', () => {
    const program = { ...THERE, topicSeparator: ':' }
    const flags = '--outcome done'
    expect(ownCommand(program, 'ops complete', { operand: ID, flags })).toBe(
      `tool ops:complete ${ID} --root ${shellWord(ROOT)} --outcome done`,
    )
    expect(helpCommand(program, 'ops list')).toBe('tool ops:list --help')
    expect(helpCommand(program, '')).toBe('tool --help')
  })
})

it('the hint for a damaged record names its file', async () => {
  const { path, write } = await newRepository()
  const id = await openIn(path)
  await write(`kitty-ops/${id}.jsonl`, '{}\n')
  const close = ['ops', 'complete', id, '--outcome', 'done']
  const { json } = await jsonIn(path, close)
  const command = `spec-kitty ops validate kitty-ops/${id}.jsonl`
  expect(json).toMatchObject({
    error: { code: 'RECORD_DAMAGED', hint: expect.stringContaining(command) },
  })
  expect(JSON.stringify(json)).not.toContain('"about"')
  const file = shellWord(resolve(path, `kitty-ops/${id}.jsonl`))
  const { stderr } = await runIn(resolve(path, '..'), [...close, '--root', path])
  expect(stderr).toContain(`spec-kitty ops validate ${file}`)
})
