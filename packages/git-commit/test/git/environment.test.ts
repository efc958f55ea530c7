import { describe, expect, it } from 'vitest'
import {
  asArguments,
  asVariables,
  gitEnvironment,
  SETTINGS,
  UNMONITORED,
} from '../../src/git/environment.js'
import { splitPath, toTopPath } from '../../src/git/paths.js'
import { withEnv } from '../support/with-env.js'

const ODD = ['filter.a=b.clean=', 'hook.x=y=z.enabled=false']

describe('the settings of git', () => {
  it('run no hook, quote no path, and wait for a database of refs', () => {
    expect(SETTINGS).toEqual([
      'core.hooksPath=/dev/null',
      'hook.reference-transaction.enabled=false',
      'hook.post-index-change.enabled=false',
      'hook.pre-auto-gc.enabled=false',
      'core.quotePath=false',
      'reftable.lockTimeout=2000',
    ])
    expect(UNMONITORED).toEqual(['core.fsmonitor=false'])
  })

  it('are arguments, or variables if their name has an equals sign', () => {
    expect(asArguments(['a.b=c', ...ODD, 'd.e='])).toEqual(['-c', 'a.b=c', '-c', 'd.e='])
    expect(asVariables(['a.b=c', ...ODD], {})).toEqual({
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'filter.a=b.clean',
      GIT_CONFIG_VALUE_0: '',
      GIT_CONFIG_KEY_1: 'hook.x=y=z.enabled',
      GIT_CONFIG_VALUE_1: 'false',
    })
  })

  it('come after those that the environment has', () => {
    expect(asVariables(ODD.slice(0, 1), { GIT_CONFIG_COUNT: '3' })).toEqual({
      GIT_CONFIG_COUNT: '4',
      GIT_CONFIG_KEY_3: 'filter.a=b.clean',
      GIT_CONFIG_VALUE_3: '',
    })
    expect(asVariables(['a.b=c'], { GIT_CONFIG_COUNT: '3' })).toEqual({})
  })
})

describe('the environment of git', () => {
  const nextTurn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

  it('asks nothing, fetches nothing, and takes no optional lock', async () => {
    await nextTurn()
    expect(gitEnvironment()).toMatchObject({
      LC_ALL: 'C',
      GIT_TERMINAL_PROMPT: '0',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_ALLOW_PROTOCOL: 'none',
      GIT_NO_LAZY_FETCH: '1',
      GIT_LITERAL_PATHSPECS: '1',
      GIT_EDITOR: ':',
      GIT_ASKPASS: '',
      SSH_ASKPASS: '',
    })
  })

  it('keeps what the user chose, and nothing that points to another repository', async () => {
    const kept = {
      GIT_AUTHOR_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'c',
      GIT_AUTHOR_DATE: '1 +0000',
      GIT_CONFIG_GLOBAL: '/g',
      GIT_EXEC_PATH: '/e',
      GIT_SSL_CAINFO: '/s',
      MY_GIT_DIR: '/m',
    }
    const dropped = {
      GIT_DIR: '/d',
      GIT_INDEX_FILE: '/i',
      GIT_AUTHOR_NAME_X: 'x',
      GIT_AUTHOR: 'x',
      GIT_EXEC_PATH_X: 'x',
      GIT_X_CONFIG: 'x',
    }
    await nextTurn()
    await withEnv({ ...kept, ...dropped }, async () => {
      const environment = gitEnvironment()
      expect(environment).toMatchObject(kept)
      for (const name of Object.keys(dropped)) expect(environment).not.toHaveProperty(name)
    })
  })

  it('is built once for each turn of the event loop', async () => {
    await nextTurn()
    const first = gitEnvironment()
    expect(gitEnvironment()).toBe(first)
    await nextTurn()
    expect(gitEnvironment()).not.toBe(first)
  })
})

describe('a path', () => {
  it('is below the folder of the project', () => {
    expect(toTopPath('', 'a/b')).toBe('a/b')
    expect(toTopPath('x/y', 'a/b')).toBe('x/y/a/b')
  })

  it('has a folder and a name', () => {
    expect(splitPath('a/b/c')).toEqual({ folder: 'a/b', name: 'c' })
    expect(splitPath('c')).toEqual({ folder: '', name: 'c' })
  })
})
