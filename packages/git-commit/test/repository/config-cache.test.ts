import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isGitOlder, newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { withShim } from '../support/git-shim.js'
import { HAS_LOCAL_INDEX } from '../support/local-index.js'
import { closeOne, storeAt } from '../support/ops.js'
import { withEnv } from '../support/with-env.js'

const author = async (repository: { log(format: string): Promise<string[]> }) =>
  (await repository.log('%an'))[0]

describe('a long-lived store', () => {
  it('sees who the user is now', async () => {
    const repository = await newRepository()
    const ops = await storeAt(repository)
    await closeOne(ops)
    expect(await author(repository)).toBe('Ursula Test')
    await repository.git('config', 'user.name', 'Ulla')
    await closeOne(ops)
    expect(await author(repository)).toBe('Ulla')
    const home = await tempFolder()
    await writeFile(join(home, '.gitconfig'), '[user]\n\tname = Global\n')
    await repository.git('config', '--unset', 'user.name')
    const env = isGitOlder('2.32')
      ? { HOME: home }
      : { GIT_CONFIG_GLOBAL: join(home, '.gitconfig') }
    await withEnv(env, () => closeOne(ops))
    expect(await author(repository)).toBe('Global')
    await withEnv({ GIT_AUTHOR_NAME: 'Agnes', GIT_COMMITTER_NAME: 'Agnes' }, () => closeOne(ops))
    expect(await author(repository)).toBe('Agnes')
  })

  it('sees what the user’s own file says now, if a variable is set but empty', async () => {
    const repository = await newRepository()
    await repository.git('config', '--unset', 'user.name')
    const HOME = await tempFolder()
    const file = join(HOME, '.config', 'git', 'config')
    await mkdir(dirname(file), { recursive: true })
    const ops = await storeAt(repository)
    const env = { HOME, XDG_CONFIG_HOME: '', GIT_CONFIG_GLOBAL: undefined }
    for (const name of ['One', 'Other']) {
      await writeFile(file, `[user]\n\tname = ${name}\n`)
      await withEnv(env, () => closeOne(ops))
      expect(await author(repository)).toBe(name)
    }
  })

  it('sees what the user’s own file says now, whether or not git knows of a variable that names another', async () => {
    const repository = await newRepository()
    await repository.git('config', '--unset', 'user.name')
    const HOME = await tempFolder()
    const ops = await storeAt(repository)
    const GIT_CONFIG_GLOBAL = isGitOlder('2.32') ? join(HOME, 'none') : join(HOME, '.gitconfig')
    for (const name of ['One', 'Other']) {
      await writeFile(join(HOME, '.gitconfig'), `[user]\n\tname = ${name}\n`)
      await withEnv({ HOME, GIT_CONFIG_GLOBAL }, () => closeOne(ops))
      expect(await author(repository)).toBe(name)
    }
  })

  it('sees what an included file says now', async () => {
    const repository = await newRepository()
    const included = join(await tempFolder(), 'more')
    await writeFile(included, '[user]\n\tname = First\n')
    await repository.git('config', 'include.path', included)
    const ops = await storeAt(repository)
    await closeOne(ops)
    await writeFile(included, '[user]\n\tname = Other\n')
    await closeOne(ops)
    expect((await repository.log('%an')).slice(0, 2)).toEqual(['Other', 'First'])
  })

  it('takes a date from the environment, or else the current time and zone', async () => {
    const repository = await newRepository()
    const ops = await storeAt(repository)
    const dates = { GIT_AUTHOR_DATE: '@1700000000 +0530', GIT_COMMITTER_DATE: '@1700000000 +0530' }
    await withEnv(dates, () => closeOne(ops))
    expect((await repository.log('%ad'))[0]).toContain('+0530')
    await closeOne(ops)
    const before = Math.floor(Date.now() / 1000)
    await withEnv({ TZ: 'Asia/Kolkata' }, () => closeOne(ops).then(() => closeOne(ops)))
    const [time = '', zone] = ((await repository.log('%ad %at'))[0] ?? '').split(' ').reverse()
    expect(Number(time)).toBeGreaterThanOrEqual(before)
    expect(zone).toBe('+0530')
  })

  it.skipIf(process.platform === 'win32')('starts no git process for a close', async () => {
    const repository = await newRepository()
    const log = join(await tempFolder(), 'log')
    const ops = await storeAt(repository)
    await withShim(`echo "$*" >> '${log}'`, async () => {
      await closeOne(ops)
      await writeFile(log, '')
      await closeOne(ops)
    })
    const commands = (await readFile(log, 'utf8')).split('\n').filter(Boolean)
    const named = commands.map((line) => /version/.exec(line)?.[0] ?? line)
    // The version decides whether there is a local index; it is asked for until there is one.
    expect(named).toEqual(HAS_LOCAL_INDEX ? [] : ['version'])
  })
})
