import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { coveringSettings } from '../../src/ledger/covering-refspecs.js'

const WRITER = '01ARZ3NDEKTSV4RRFFQ69G5FAV'

const REF = `refs/kitty/ops/${WRITER}`

const covering = ({ path }: Repository) => coveringSettings(path, REF)

const withFetch = async (...values: readonly string[]): Promise<Repository> => {
  const repository = await newRepository()
  for (const value of values) {
    await repository.git('config', '--add', 'remote.origin.fetch', value)
  }
  return repository
}

describe('a refspec covers the ledger if a fetch writes its ref', () => {
  it.each([
    [['+refs/*:refs/*'], REF],
    [['refs/kitty/*:refs/kitty/*'], REF],
    [[`+${REF}:${REF}`], REF],
    [[`refs/heads/main:${REF}`], 'refs/heads/main'],
    [[`+refs/*/${WRITER}:refs/*/${WRITER}`], REF],
    [['+refs/backup/*:refs/*'], `refs/backup/kitty/ops/${WRITER}`],
    [['+refs/$&/*:refs/kitty/*'], `refs/$&/ops/${WRITER}`],
    [['+refs/heads/*:refs/remotes/origin/*'], undefined],
    [['refs/kitty/ops/*:refs/kitty/remotes/origin/*'], undefined],
    [[`+refs/*/x${WRITER}:refs/*/x${WRITER}`], undefined],
    [[`+refs/heads/*:${REF}*${WRITER}`], undefined],
    [['refs/*'], undefined],
    [['refs/kitty/*:'], undefined],
  ])('%j: %s', async (values, source) => {
    const found = await covering(await withFetch(...values))
    expect(found.map((setting) => setting.source)).toEqual(source === undefined ? [] : [source])
  })

  it.each([
    [['+refs/*:refs/*', '^refs/kitty/*'], false],
    [['^refs/kitty/*', '+refs/*:refs/*'], false],
    [['+refs/*:refs/*', `^${REF}`], false],
    [['+refs/*:refs/*', '^refs/kitty/other/*'], true],
    [['+refs/backup/*:refs/*', '^refs/kitty/*'], true],
    [['+refs/backup/*:refs/*', '^refs/backup/kitty/*'], false],
  ])('unless a negative one leaves its source out: %j: %s', async (values, isCovered) => {
    expect((await covering(await withFetch(...values))).length > 0).toBe(isCovered)
  })

  it('and a plain fetch does write it, and no longer with the negative refspec of its source', async () => {
    const server = await newRepository()
    await server.git('update-ref', `refs/backup/kitty/ops/${WRITER}`, 'HEAD')
    const clone = await withFetch('+refs/backup/*:refs/*')
    await clone.git('config', 'remote.origin.url', server.path)
    const [found] = await covering(clone)
    expect(found).toMatchObject({
      remote: 'origin',
      kind: 'fetch',
      value: '+refs/backup/*:refs/*',
      origin: '.git/config',
    })
    await clone.git('fetch', '--quiet', 'origin')
    expect(await clone.git('rev-parse', REF)).toBe(await server.head())
    await clone.git('update-ref', '-d', REF)
    await clone.git('config', '--add', 'remote.origin.fetch', `^${found?.source}`)
    expect(await covering(clone)).toEqual([])
    await clone.git('fetch', '--quiet', 'origin')
    expect(await clone.git('for-each-ref', REF)).toBe('')
  })
})

describe('a mirror covers the ledger', () => {
  it.each([
    ['true', true],
    ['YES', true],
    ['on', true],
    ['1', true],
    ['-1', true],
    ['2k', true],
    ['false', false],
    ['off', false],
    ['0', false],
    ['', false],
  ])('with the value "%s" as git reads it: %s', async (value, isTrue) => {
    const repository = await newRepository()
    await repository.git('config', 'remote.origin.mirror', value)
    const asBool = await repository.git('config', '--type=bool', 'remote.origin.mirror')
    expect(asBool).toBe(String(isTrue))
    expect(await covering(repository)).toEqual(
      isTrue ? [{ remote: 'origin', kind: 'mirror', value, origin: '.git/config' }] : [],
    )
  })

  it('without a value, until a later value says otherwise', async () => {
    const repository = await newRepository()
    const config = await repository.read('.git/config')
    await repository.write('.git/config', `${config}[remote "origin"]\n\tmirror\n`)
    expect(await covering(repository)).toMatchObject([{ kind: 'mirror', value: 'true' }])
    await repository.git('config', '--add', 'remote.origin.mirror', 'false')
    expect(await covering(repository)).toEqual([])
  })

  it('that fetches, too, is named for both', async () => {
    const repository = await newRepository()
    await repository.git('remote', 'add', '--mirror=fetch', 'down', repository.path)
    await repository.git('remote', 'add', '--mirror=push', 'up', repository.path)
    expect((await covering(repository)).map(({ remote, kind }) => [remote, kind])).toEqual([
      ['down', 'fetch'],
      ['up', 'mirror'],
    ])
  })
})

describe('the settings of remotes', () => {
  it('are judged for each remote alone, whatever its name', async () => {
    const repository = await withFetch('+refs/*:refs/*')
    await repository.git('config', 'remote.a.b $& c.fetch', '^refs/kitty/*')
    expect((await covering(repository)).map(({ remote }) => remote)).toEqual(['origin'])
    await repository.git('config', 'remote.a.b $& c.mirror', 'true')
    expect((await covering(repository)).map(({ remote }) => remote)).toEqual(['origin', 'a.b $& c'])
  })

  it('are found in a file that the configuration includes, which is named', async () => {
    const repository = await newRepository()
    await repository.write('.git/more', '[remote "origin"]\n\tfetch = +refs/*:refs/*\n')
    await repository.git('config', 'include.path', 'more')
    expect(await covering(repository)).toMatchObject([{ origin: '.git/more' }])
  })

  it('that do not exist cover nothing, nor does anything outside git', async () => {
    expect(await covering(await newRepository())).toEqual([])
    expect(await covering(repositoryAt(await tempFolder()))).toEqual([])
  })

  it('that cannot be read are an error, not an all-clear', async () => {
    const repository = await withFetch('+refs/*:refs/*')
    const config = await repository.read('.git/config')
    await writeFile(join(repository.path, '.git', 'config'), `${config}[remote "x\n`)
    await expect(covering(repository)).rejects.toMatchObject({ code: 'GIT_FAILED' })
  })
})
