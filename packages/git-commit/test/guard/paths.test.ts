import { join } from 'node:path'
import { newRepository } from '@kitty/test-kit'
import { describe, expect, test } from 'vitest'
import { guarded, refused } from '../support/guarded.js'
import { archiveRequest, requestFor } from '../support/requests.js'

describe('EMPTY_CHANGESET', () => {
  test('a request without a path', async () => {
    const { path } = await newRepository()
    const { result, asked } = await guarded([archiveRequest(path)])
    expect([result, asked]).toEqual([refused('EMPTY_CHANGESET'), false])
  })

  test('a request that only removes is not empty', async () => {
    const { path } = await newRepository()
    const untrack = { kind: 'untrack', root: path, message: 'x\n', path: 'kitty-ops/a' } as const
    const { asked } = await guarded([untrack])
    expect(asked).toBe(true)
  })
})

describe('PATH_POLICY', () => {
  test.each([
    '../kitty-ops/a.jsonl',
    'kitty-ops/../src/index.ts',
    'kitty-ops//a.jsonl',
    './kitty-ops/a.jsonl',
    '/kitty-ops/a.jsonl',
    '',
    'src/index.ts',
    'kitty-ops',
    'kitty-ops-not/a.jsonl',
    '.kittify/config.yaml',
    'kitty-ops/.worktrees/a.jsonl',
    '.worktrees/x/kitty-ops/a.jsonl',
  ])('%j', async (path) => {
    const repository = await newRepository()
    const root = repository.path
    const fine = 'kitty-ops/a.jsonl'
    const requests = [
      requestFor(root, [path]),
      requestFor(root, [fine, path]),
      requestFor(root, [fine], { index: { path } }),
      archiveRequest(root, { from: path, to: fine }),
      archiveRequest(root, { from: fine, to: path }),
    ]
    for (const request of requests) {
      const { result, asked } = await guarded([request])
      expect([result, asked]).toEqual([refused('PATH_POLICY'), false])
    }
  })

  test('a project root that is under .worktrees/ but not a worktree', async () => {
    const { path, write } = await newRepository()
    await write('.worktrees/x/kitty-ops/a.jsonl', '')
    const { result } = await guarded([requestFor(join(path, '.worktrees', 'x'))])
    expect(result).toEqual(refused('PATH_POLICY'))
  })

  test('a worktree under .worktrees/ is a work tree like any other', async () => {
    const repository = await newRepository()
    const path = join(repository.path, '.worktrees', 'x')
    await repository.git('worktree', 'add', '--quiet', '-b', 'x', path)
    expect((await guarded([requestFor(path)])).asked).toBe(true)
  })

  test('the given paths instead of the default', async () => {
    const { path } = await newRepository()
    const allow = ['docs', 'log.jsonl']
    const asked = async (name: string): Promise<boolean> =>
      (await guarded([requestFor(path, [name])], { allow })).asked
    expect(await asked('docs/a.md')).toBe(true)
    expect(await asked('log.jsonl')).toBe(true)
    expect(await asked('docs.md')).toBe(false)
    expect(await asked('kitty-ops/a.jsonl')).toBe(false)
  })

  test('evidence is allowed', async () => {
    const { path } = await newRepository()
    const { asked } = await guarded([requestFor(path, ['.kittify/evidence/01/shot.png'])])
    expect(asked).toBe(true)
  })
})
