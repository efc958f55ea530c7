import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { expectCommitted } from '../support/expect-committed.js'
import { answerOf, closeOne, storeAt } from '../support/ops.js'
import { withEnv } from '../support/with-env.js'

const setRaw = ({ path }: Repository, section: string, line: string): Promise<void> =>
  appendFile(join(path, '.git', 'config'), Buffer.from(`[${section}]\n\t${line}\n`, 'latin1'))

const peopleOf = async (repository: Repository): Promise<string> =>
  repository.git('log', '-1', '--encoding=UTF-8', '--format=%an|%ae|%cn|%ce')

describe('a name that is not in UTF-8', () => {
  it.each([
    ['nothing', '', 'J\xfcrgen', 'Jürgen'],
    ['latin1', 'latin1', 'J\xfcrgen', 'Jürgen'],
    ['ISO-8859-2', 'ISO-8859-2', '\xb3ukasz', 'łukasz'],
    ['an unknown encoding', 'latin-99', 'J\xfcrgen', 'Jürgen'],
  ])(
    'is committed as it is meant, with %s said of its encoding',
    async (...[, encoding, raw, name]) => {
      const repository = await newRepository()
      await setRaw(repository, 'user', `name = ${raw}`)
      if (encoding !== '') await repository.git('config', 'i18n.commitEncoding', encoding)
      const ops = await storeAt(repository)
      await expectCommitted(repository, ops, await closeOne(ops))
      const mail = 'ursula@example.org'
      expect(await peopleOf(repository)).toBe(`${name}|${mail}|${name}|${mail}`)
    },
  )
})

describe('the identity', () => {
  it('is refused if git refuses the name', async () => {
    const repository = await newRepository()
    await repository.git('config', 'user.name', ',')
    const ops = await storeAt(repository)
    const closed = await closeOne(ops)
    expect(answerOf(closed)).toBe('NO_IDENTITY')
    await repository.git('config', 'user.name', 'Ursula')
    await ops.flush()
    await expectCommitted(repository, ops, closed)
  })

  it('can differ for author and committer, by settings or variables', async () => {
    const repository = await newRepository()
    await repository.git('config', 'committer.name', 'Bot')
    const ops = await storeAt(repository)
    await closeOne(ops)
    const mail = 'ursula@example.org'
    expect(await peopleOf(repository)).toBe(`Ursula Test|${mail}|Bot|${mail}`)
    await repository.git('config', '--unset', 'committer.name')
    await withEnv({ GIT_COMMITTER_EMAIL: 'bot@example.org' }, () => closeOne(ops))
    expect(await peopleOf(repository)).toBe(`Ursula Test|${mail}|Ursula Test|bot@example.org`)
  })
})

describe('settings', () => {
  it('are parsed, whatever a value contains', async () => {
    const repository = await newRepository()
    const alias = '!f() {\nextensions.objectformat=sha256\nuser.name=Nobody\n}; f'
    await repository.git('config', 'alias.odd', alias)
    const ops = await storeAt(repository)
    await expectCommitted(repository, ops, await closeOne(ops))
    expect(await repository.git('log', '-1', '--format=%an')).toBe('Ursula Test')
  })

  it.each(['/dev/null', 'README.md'])('of a user are empty if HOME is %s', async (HOME) => {
    const repository = await newRepository()
    const ops = await storeAt(repository)
    const env = { HOME: HOME.startsWith('/') ? HOME : join(repository.path, HOME) }
    const closed = await withEnv(
      { ...env, GIT_CONFIG_GLOBAL: undefined, XDG_CONFIG_HOME: undefined },
      () => closeOne(ops),
    )
    await expectCommitted(repository, ops, closed)
  })
})
