import { newRepository, type Repository } from '@kitty/test-kit'
import { describe, expect, test } from 'vitest'
import { safeCommitGuard } from '../../src/guard/safe-commit-guard.js'
import { recordingStrategy } from '../support/recording-strategy.js'
import { archiveRequest, opRequest, type Rooted, requestFor } from '../support/requests.js'

const codes = async (
  requests: readonly Rooted[],
  commitsOnlyItsPaths?: boolean,
): Promise<string[]> => {
  const guard = safeCommitGuard(recordingStrategy(commitsOnlyItsPaths))
  const results = await guard.commit(requests[0]?.root ?? '', requests)
  return results.map((result) => ('code' in result ? result.code : result.status))
}

const stage = async (repository: Repository, path: string): Promise<void> => {
  await repository.write(path, 'staged\n')
  await repository.git('add', path)
}

describe('UNEXPECTED_STAGED_PATH', () => {
  test.each([undefined, false])(
    'anything staged, for a strategy that takes it (%s)',
    async (own) => {
      const repository = await newRepository()
      const request = await opRequest(repository)
      expect(await codes([request], own)).toEqual(['committed'])
      await stage(repository, 'kafé "x".txt')
      expect(await codes([request], own)).toEqual(['UNEXPECTED_STAGED_PATH'])
    },
  )

  test('not for a strategy that commits only its paths', async () => {
    const repository = await newRepository()
    await stage(repository, 'README.md')
    expect(await codes([await opRequest(repository)], true)).toEqual(['committed'])
  })

  test('a staged deletion, and the old name of a staged rename', async () => {
    const repository = await newRepository({ files: { a: 'same\n', b: 'other\n' } })
    const request = await opRequest(repository)
    await repository.git('rm', '--quiet', '--cached', 'b')
    expect(await codes([request])).toEqual(['UNEXPECTED_STAGED_PATH'])
    await repository.git('add', 'b')
    await repository.git('mv', 'a', 'kitty-ops/a')
    const renamed = requestFor(repository.path, ['kitty-ops/a'])
    expect(await codes([renamed])).toEqual(['UNEXPECTED_STAGED_PATH'])
    expect(
      await codes([archiveRequest(repository.path, { from: 'a', to: 'kitty-ops/a' })]),
    ).toEqual(['PATH_POLICY'])
  })

  test('another commit of a submodule that the user’s settings hide', async () => {
    const repository = await newRepository()
    const path = repository.path
    await repository.git('clone', '--quiet', path, `${path}/part`)
    await repository.git('add', 'part')
    await repository.write('.gitmodules', '[submodule "part"]\n\tpath = part\n\turl = .\n')
    await repository.commit('A submodule')
    await repository.git('config', 'submodule.part.ignore', 'all')
    const request = await opRequest(repository)
    expect(await codes([request])).toEqual(['committed'])
    await repository.git('update-index', '--cacheinfo', `160000,${await repository.head()},part`)
    expect(await codes([request])).toEqual(['UNEXPECTED_STAGED_PATH'])
  })

  test('what the request itself has staged is expected', async () => {
    const repository = await newRepository()
    const request = await opRequest(repository)
    await repository.git('add', 'kitty-ops')
    expect(await codes([request])).toEqual(['committed'])
  })

  test('but not that of another request', async () => {
    const repository = await newRepository()
    const first = await opRequest(repository)
    await repository.git('add', 'kitty-ops')
    const second = await opRequest(repository)
    expect(await codes([first, second])).toEqual(['committed', 'UNEXPECTED_STAGED_PATH'])
  })

  test('below the top, paths are compared from the top', async () => {
    const repository = await newRepository()
    await stage(repository, 'kitty-ops/a.jsonl')
    await repository.write('below/kitty-ops/a.jsonl', '')
    const request = requestFor(`${repository.path}/below`)
    expect(await codes([request])).toEqual(['UNEXPECTED_STAGED_PATH'])
  })

  test('on an unborn branch everything in the index is staged', async () => {
    const repository = await newRepository({ unborn: true })
    const request = await opRequest(repository)
    expect(await codes([request])).toEqual(['committed'])
    await stage(repository, 'README.md')
    expect(await codes([request])).toEqual(['UNEXPECTED_STAGED_PATH'])
  })

  test('if git cannot read the index, every request fails', async () => {
    const repository = await newRepository()
    const request = await opRequest(repository)
    await repository.write('.git/index', 'damaged')
    expect(await codes([request])).toEqual(['GIT_FAILED'])
  })
})
