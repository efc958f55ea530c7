import { formatLine, newOpId, type OpId } from '@kitty/record'
import { closedRecordText, newRepository, tempFolder } from '@kitty/test-kit'
import { archivedPath, recordPath } from '@kitty/writer/internals'
import { expect, it } from 'vitest'
import { linksInGit } from '../../src/inspect.js'
import { when, withShim } from '../support/git-shim.js'

const SHA = '0123456789abcdef0123456789abcdef01234567'

const linked = (id: OpId, ...lines: readonly string[]) =>
  `${closedRecordText({ id })}${lines.join('')}`

const note = (id: OpId, text: string) =>
  formatLine({ event: 'note', invocation_id: id, at: '2026-03-01T12:00:00.000Z', text })

const link = (id: OpId, sha: string, more: object = {}) =>
  formatLine({
    event: 'commit_link',
    invocation_id: id,
    at: '2026-03-01T12:00:00.000Z',
    sha,
    ...more,
  })

it('finds the links of records in HEAD, hot and archived, and takes nothing else for one', async () => {
  const [hot, old, other, quoting, plain] = [1, 2, 3, 4, 5].map(() => newOpId())
  if (!(hot && old && other && quoting && plain)) throw new Error('No ids')
  const repository = await newRepository({
    files: {
      [recordPath(hot)]: linked(
        hot,
        link(hot, SHA),
        link(hot, 'ABCDEF7', { extra: 'x "commit_link"' }),
      ),
      [archivedPath(old)]: linked(old, link(old, SHA.slice(0, 8))),
      // The link of another Op, an id that is none, a line that is cut off, a request that quotes a link.
      [recordPath(other)]: linked(
        other,
        link(hot, SHA),
        link(other, 'not-hex'),
        '["commit_link"]\n',
        '{"event":"commit_link","sha":\n',
      ),
      [recordPath(quoting)]: linked(quoting, note(quoting, link(quoting, SHA))),
      [recordPath(plain)]: closedRecordText({ id: plain }),
      'kitty-ops/not-an-id.jsonl': link(plain, SHA),
    },
  })
  const { links, inHead, broken } = await linksInGit(repository.path)
  expect(links.map(({ id, sha }) => `${id} ${sha}`).toSorted()).toEqual(
    [`${hot} ${SHA}`, `${hot} abcdef7`, `${old} ${SHA.slice(0, 8)}`].toSorted(),
  )
  expect([...inHead].toSorted()).toEqual([hot, old, other, quoting, plain].toSorted())
  expect(broken).toEqual([])
})

it('finds those of the ledgers, and names a ledger that cannot be searched', async () => {
  const repository = await newRepository()
  const [id, writer, torn] = [newOpId(), newOpId(), newOpId()]
  const { ledgerPathOf } = await import('../../src/ledger/layout.js')
  const blob = await repository.gitWith(
    { input: linked(id, link(id, SHA)) },
    'hash-object',
    '-w',
    '--stdin',
  )
  const env = { GIT_INDEX_FILE: 'scratch-index' }
  await repository.gitWith(
    { env },
    'update-index',
    '--add',
    '--cacheinfo',
    `100644,${blob.stdout.trim()},${ledgerPathOf(id)}`,
  )
  const tree = (await repository.gitWith({ env }, 'write-tree')).stdout.trim()
  const commit = await repository.git('commit-tree', '-m', 'ledger: add 1 Op', tree)
  await repository.git('update-ref', `refs/kitty/ops/${writer}`, commit)
  const missing = await repository.gitWith(
    { input: `100644 blob ${'1'.repeat(40)}\ta\n` },
    'mktree',
    '--missing',
  )
  const broken = await repository.git('commit-tree', '-m', 'x', missing.stdout.trim())
  await repository.git('update-ref', `refs/kitty/ops/${torn}`, broken)
  const found = await linksInGit(repository.path)
  expect(found.links).toEqual([{ id, sha: SHA }])
  expect(found.broken).toEqual([`refs/kitty/ops/${torn}`])
})

it.skipIf(process.platform === 'win32')(
  'does not take a search that was killed for complete',
  async () => {
    const [id, writer] = [newOpId(), newOpId()]
    const repository = await newRepository({
      files: { [recordPath(id)]: linked(id, link(id, SHA)) },
    })
    const ref = `refs/kitty/ops/${writer}`
    await repository.git('update-ref', ref, 'HEAD')
    const killed = when('grep', 'kill -9 $$', 'always')
    const found = await withShim(killed, () => linksInGit(repository.path))
    expect(found).toEqual({ links: [], inHead: new Set(), broken: [ref] })
  },
)

it('finds none on an unborn branch and outside git', async () => {
  const repository = await newRepository()
  const unborn = await tempFolder()
  await repository.git('init', '--quiet', unborn)
  for (const root of [unborn, await tempFolder()]) {
    expect(await linksInGit(root)).toEqual({ links: [], inHead: new Set(), broken: [] })
  }
})
