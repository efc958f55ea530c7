import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { openIn, type RunOptions, runIn } from '../support/in-process.js'

const PERSON: RunOptions = { terminal: true }

const actorIn = async (
  root: string,
  argv: readonly string[] = [],
  options: RunOptions = PERSON,
) => {
  const id = await openIn(root, ['do', 'x', ...argv], options)
  const [line = ''] = (await readFile(join(root, 'kitty-ops', `${id}.jsonl`), 'utf8')).split('\n')
  const { actor } = JSON.parse(line)
  return actor
}

const askingGit = async (): Promise<Repository> => {
  const repository = await newRepository()
  await repository.write('.kittify/config.yaml', 'ops: {actor: git}\n')
  return repository
}

describe('with ops.actor: git, the actor', () => {
  it("is a person's name in git", async () => {
    const { path } = await askingGit()
    expect(await actorIn(path)).toBe('Ursula Test')
    const plan = await runIn(path, ['do', 'x', '--dry-run', '--no-color'], PERSON)
    expect(plan.stdout).toContain('for Ursula Test (')
  })

  it('is the operator if no person is at a terminal, since a script has no name', async () => {
    const { path } = await askingGit()
    expect(await actorIn(path, [], {})).toBe('operator')
    const session = { ...PERSON, variables: { SPEC_KITTY_SESSION: 'x' } }
    expect(await actorIn(path, [], session)).toBe('operator')
  })

  it('is not a name of white space', async () => {
    const { path } = await newRepository()
    expect(await actorIn(path, [], { variables: { SPEC_KITTY_ACTOR: ' ' } })).toBe('operator')
  })

  it('is still an agent, or the name in a flag', async () => {
    const { path } = await askingGit()
    expect(await actorIn(path, [], { variables: { CLAUDECODE: '1' } })).toBe('claude')
    expect(await actorIn(path, [], { variables: { SPEC_KITTY_ACTOR: 'ada' } })).toBe('ada')
    expect(await actorIn(path, ['--actor', 'ben'])).toBe('ben')
  })

  it('is the operator if git has no name', async () => {
    const { path, git } = await askingGit()
    await git('config', 'user.name', '')
    expect(await actorIn(path)).toBe('operator')
    await git('config', '--unset-all', 'user.name')
    expect(await actorIn(path)).toBe('operator')
  })

  it('is one line of at most 200 characters', async () => {
    const { path, git } = await askingGit()
    await git('config', 'user.name', '  Ur\n\u001b[31msula ')
    expect(await actorIn(path)).toBe('Ur [31msula')
    await git('config', 'user.name', `${'x'.repeat(199)}\u{1f63a}`)
    expect(await actorIn(path)).toBe('x'.repeat(199))
    await git('config', 'user.name', '\u001b')
    expect(await actorIn(path)).toBe('operator')
  })
})

it('without the setting, git is not run', async () => {
  const { path } = await newRepository()
  expect(await actorIn(path)).toBe('operator')
  expect(await actorIn(await tempFolder())).toBe('operator')
})

describe('the session of an agent', () => {
  const opened = (path: string, variables: Record<string, string>) =>
    openIn(path, ['do', 'x'], { variables })

  it.each([
    [{ CODEX_THREAD_ID: 't-1' }, { CODEX_THREAD_ID: 't-2' }],
    [
      { AGENT: 'amp', AMP_CURRENT_THREAD_ID: 'T-1' },
      { AGENT: 'amp', AMP_CURRENT_THREAD_ID: 'T-2' },
    ],
    [
      { SPEC_KITTY_SESSION: 's', CODEX_THREAD_ID: 't' },
      { SPEC_KITTY_SESSION: 'r', CODEX_THREAD_ID: 't' },
    ],
  ])('%j keeps its Ops from %j', async (mine, other) => {
    const { path } = await newRepository()
    const id = await opened(path, mine)
    const closed = await runIn(path, ['ops', 'complete', '--outcome', 'done'], { variables: other })
    expect(closed.status).not.toBe(0)
    expect(closed.stderr).toContain(id)
  })
})
