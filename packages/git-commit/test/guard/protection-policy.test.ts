import { newRepository, type Repository } from '@kitty/test-kit'
import { describe, expect, test } from 'vitest'
import { ok, stop } from '../../src/git/result.js'
import { protectionOf } from '../../src/guard/protection.js'

const ask = ({ path }: Repository, branch: string, env: NodeJS.ProcessEnv = {}) =>
  protectionOf({ root: path, top: path, branch, env })

const because = (words: string) => ok({ because: expect.stringContaining(words) })
const OPEN = ok({ because: undefined })

const listed = (yaml: string): string => `protection:\n  protected_branches: ${yaml}\n`

const withList = async (yaml: string): Promise<Repository> => {
  const repository = await newRepository()
  await repository.write('.kittify/config.yaml', listed(yaml))
  return repository
}

const withRemoteHead = async (remote: string, branch: string): Promise<Repository> => {
  const repository = await newRepository()
  const refs = `refs/remotes/${remote}`
  await repository.git('update-ref', `${refs}/${branch}`, 'HEAD')
  await repository.git('symbolic-ref', `${refs}/HEAD`, `${refs}/${branch}`)
  return repository
}

test('a listed name protects the branch in whatever Unicode form it is written', async () => {
  const repository = await withList('["gr\u00fcn"]')
  expect(await ask(repository, 'gru\u0308n')).toEqual(because('lists it'))
  expect(await ask(repository, 'grun')).toEqual(OPEN)
})

describe('without a list', () => {
  test.each(['main', 'master'])('%s is protected', async (branch) => {
    expect(await ask(await newRepository(), branch)).toEqual(because('main and master'))
  })

  test.each(['work', 'main2', 'feature/main'])('%s is open', async (branch) => {
    expect(await ask(await newRepository(), branch)).toEqual(OPEN)
  })

  test.each([
    ['origin', 'trunk'],
    ['upstream', 'release/2.x'],
    ['team/fork', 'develop'],
  ])('the default branch of the remote %s is protected', async (remote, branch) => {
    const repository = await withRemoteHead(remote, branch)
    expect(await ask(repository, branch)).toEqual(because('default branch of a remote'))
    expect(await ask(repository, 'work')).toEqual(OPEN)
  })

  test('and after its refs were packed', async () => {
    const repository = await withRemoteHead('origin', 'trunk')
    await repository.git('pack-refs', '--all')
    expect(await ask(repository, 'trunk')).toEqual(because('remote'))
  })

  test('if git fails, the branch does not count as open', async () => {
    const repository = await newRepository()
    await repository.write('.git/config', 'this is no configuration')
    expect(await ask(repository, 'work')).toMatchObject(
      stop({ status: 'failed', code: 'GIT_FAILED' }),
    )
  })
})

describe('a name in other letter case', () => {
  const cases = [
    ['MAIN', '[other, main]', 'lists it'],
    ['Main', undefined, 'main and master'],
    ['Trunk', undefined, 'default branch of a remote'],
  ] as const

  test.each(cases)('%s, list %s: protected where git ignores case', async (branch, list, words) => {
    const repository = await withRemoteHead('origin', 'trunk')
    if (list) await repository.write('.kittify/config.yaml', listed(list))
    await repository.git('config', 'core.ignoreCase', 'false')
    expect(await ask(repository, branch)).toEqual(OPEN)
    await repository.git('config', 'core.ignoreCase', 'true')
    expect(await ask(repository, branch)).toEqual(because(words))
  })
})

describe('with a list', () => {
  test('what it names is protected, and nothing else', async () => {
    const repository = await withList('[release]')
    expect(await ask(repository, 'release')).toEqual(because('.kittify/config.yaml'))
    expect(await ask(repository, 'main')).toEqual(OPEN)
  })

  test('an empty list protects nothing', async () => {
    expect(await ask(await withList('[]'), 'main')).toEqual(OPEN)
  })

  test('anything but a list is refused, whatever the branch', async () => {
    const repository = await withList('release')
    const refused = stop({ status: 'refused', code: 'CONFIG_INVALID' })
    expect(await ask(repository, 'work')).toMatchObject(refused)
    expect(await ask(repository, 'main')).toMatchObject(refused)
  })
})

describe('the environment', () => {
  const NAME = 'SPEC_KITTY_ALLOW_PROTECTED_BRANCH_COMMITS'

  test('opens every branch with 1', async () => {
    expect(await ask(await newRepository(), 'main', { [NAME]: '1' })).toEqual(OPEN)
    expect(await ask(await withList('[main]'), 'main', { [NAME]: '1' })).toEqual(OPEN)
  })

  test.each(['0', '', 'false', 'true'])('not with %j', async (value) => {
    const protection = await ask(await newRepository(), 'main', { [NAME]: value })
    expect(protection).toEqual(because('main'))
  })

  test('is that of the process, read at the time of the call', async () => {
    const { path } = await newRepository()
    const question = { root: path, top: path, branch: 'main' }
    expect(await protectionOf(question)).toEqual(because('main'))
    process.env[NAME] = '1'
    const opened = await protectionOf(question).finally(() => delete process.env[NAME])
    expect(opened).toEqual(OPEN)
  })
})
