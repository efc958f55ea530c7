import { resolve } from 'node:path'
import type { Finding, NextStep } from '@kitty/doctor'
import { newOpId } from '@kitty/record'
import { shellWord } from '@kitty/writer/internals'
import { expect, it } from 'vitest'
import { withCommands } from '../../src/command/next-steps.js'

const ID = newOpId()
const PATH = "kitty-ops/it's; rm x.jsonl"
const ROOT = resolve('/a b/$(touch pwned)')

const commandOf = (step: NextStep, root?: string): string | undefined => {
  const finding: Finding = {
    id: 'x',
    severity: 'info',
    message: 'So.',
    fixable: false,
    next: [step],
  }
  const program = { bin: 'spec-kitty', topicSeparator: ' ', root }
  return withCommands(program)(finding).commands[0]
}

it.each<[NextStep, string, string]>([
  [{ verb: 'fix' }, 'spec-kitty doctor ops', ' --fix'],
  [{ verb: 'abandon', id: ID }, `spec-kitty ops complete ${ID}`, ' --outcome abandoned'],
  [
    { verb: 'close', id: ID },
    `spec-kitty ops complete ${ID}`,
    ' --outcome done   [or failed, abandoned]',
  ],
  [
    { verb: 'close', id: ID, outcomes: ['failed', 'abandoned'] },
    `spec-kitty ops complete ${ID}`,
    ' --outcome failed   [or abandoned]',
  ],
  [{ verb: 'restore', id: ID }, `spec-kitty ops restore ${ID}`, ''],
  [{ verb: 'verify-since', sha: 'abc' }, 'spec-kitty ops verify', ' --since abc'],
])('%j names the root before its flags', (step, words, flags) => {
  expect(commandOf(step)).toBe(`${words}${flags}`)
  expect(commandOf(step, ROOT)).toBe(`${words} --root ${shellWord(ROOT)}${flags}`)
})

it.each<[NextStep, string]>([
  [{ verb: 'git-checkout', path: PATH }, `checkout HEAD -- ${shellWord(PATH)}`],
  [{ verb: 'git-move', path: PATH, to: 'kitty-ops/x' }, `mv -- ${shellWord(PATH)} kitty-ops/x`],
  [
    { verb: 'git-stage-blob', sha: 'abc', path: PATH },
    `update-index --cacheinfo ${shellWord(`100644,abc,${PATH}`)}`,
  ],
  [{ verb: 'git-rebase', sha: 'abc' }, 'rebase -i abc~1'],
  [{ verb: 'git-rebase' }, 'rebase -i --root'],
  [{ verb: 'git-switch-create' }, 'switch --create my-branch'],
])('%j runs git in the root, with every path quoted', (step, args) => {
  expect(commandOf(step)).toBe(`git ${args}`)
  expect(commandOf(step, ROOT)).toBe(`git -C ${shellWord(ROOT)} ${args}`)
})

it('names a file to validate in full if a root was named', () => {
  const step = { verb: 'validate', path: PATH } as const
  expect(commandOf(step)).toBe(`spec-kitty ops validate ${shellWord(PATH)}`)
  expect(commandOf(step, ROOT)).toBe(`spec-kitty ops validate ${shellWord(resolve(ROOT, PATH))}`)
})
