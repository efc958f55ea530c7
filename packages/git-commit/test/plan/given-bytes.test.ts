import { lstat, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId, parseOpRecord } from '@kitty/record'
import { closedRecordText, newRepository, openRecordText, type Repository } from '@kitty/test-kit'
import { type CommitRequest, type CommitStrategy, requestPaths } from '@kitty/writer'
import { recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { directGit } from '../../src/direct-git.js'
import { expectBytes, expectCommitted } from '../support/expect-committed.js'
import { answerOf, closeOne, storeAt } from '../support/ops.js'
import { recordOf, requestFor } from '../support/requests.js'

/** A closed record on disk, and the request for it, with its bytes. */
const closedRecord = async () => {
  const repository = await newRepository()
  const id = newOpId()
  const path = recordPath(id)
  const text = closedRecordText({ id })
  await repository.write(path, text)
  const request = requestFor(repository.path, [path], { record: recordOf(path, text) })
  return { repository, path, text, request, file: join(repository.path, path) }
}

type Closed = Awaited<ReturnType<typeof closedRecord>>

/** Another text of the same length, closed as well. */
const altered = (text: string): string => text.replace('Why does', 'How does')

const openPart = (text: string): string => text.slice(0, text.indexOf('\n') + 1)

type Change = (closed: Closed) => Promise<unknown>

const CHANGES: Readonly<Record<string, readonly [change: Change, code: string]>> = {
  removed: [({ file }) => rm(file), 'FILE_MISSING'],
  'removed with its folder': [
    ({ repository }) => rm(join(repository.path, 'kitty-ops'), { recursive: true }),
    'FILE_MISSING',
  ],
  'behind a file in the place of its folder': [
    async ({ repository }) => {
      await rm(join(repository.path, 'kitty-ops'), { recursive: true })
      await repository.write('kitty-ops', 'a file\n')
    },
    'FILE_MISSING',
  ],
  truncated: [({ file, text }) => writeFile(file, openPart(text)), 'OPEN_RECORD'],
  emptied: [({ file }) => writeFile(file, ''), 'OPEN_RECORD'],
  'replaced by a folder': [
    async ({ file }) => {
      await rm(file)
      await mkdir(file)
    },
    'NOT_A_FILE',
  ],
}

/** As long as the record: the size of a link is the length of its target. */
const replaceByLink: Change = async ({ file, path, text, repository }) => {
  await repository.write('elsewhere.jsonl', text)
  await rm(file)
  await symlink(`..${'/'.repeat(text.length - 17)}elsewhere.jsonl`, file)
  expect((await lstat(file)).size).toBe(text.length)
  expect(await repository.read(path)).toBe(text)
}

/** The file decides, and nothing is committed or staged. */
const expectAnswer = async (closed: Closed, change: Change, code: string): Promise<void> => {
  const { repository, request } = closed
  await change(closed)
  const tip = await repository.head()
  const results = await directGit().commit(repository.path, [request])
  expect(results).toEqual([expect.objectContaining({ code })])
  expect(await repository.head()).toBe(tip)
  expect(await repository.git('diff', '--cached', '--name-only')).toBe('')
}

describe('a record whose bytes come along, and that meanwhile is', () => {
  it.each(Object.entries(CHANGES))(
    '%s, is answered by what is on disk',
    async (_, [change, code]) => {
      await expectAnswer(await closedRecord(), change, code)
    },
  )

  // Windows lets only some users make symbolic links.
  it.skipIf(process.platform === 'win32')(
    'replaced by a link to the same text, is answered by what is on disk',
    async () => {
      await expectAnswer(await closedRecord(), replaceByLink, 'SYMLINK_REFUSED')
    },
  )

  it('longer by an event, is committed as it is on disk', async () => {
    const { repository, path, text, request, file } = await closedRecord()
    const longer = `${text}{"event":"note","text":"late"}\n`
    await writeFile(file, longer)
    expect(await directGit().commit(repository.path, [request])).toMatchObject([
      { status: 'committed' },
    ])
    await expectBytes(repository, path, Buffer.from(longer))
  })

  it('another text of the same length, is committed as it was closed, and the text stays', async () => {
    const { repository, path, text, request, file } = await closedRecord()
    await writeFile(file, altered(text))
    expect(altered(text)).not.toBe(text)
    const [result] = await directGit().commit(repository.path, [request])
    expect(result).toEqual({ status: 'committed', sha: await repository.head() })
    expect(await repository.git('show', `HEAD:${path}`)).toBe(text.trimEnd())
    expect(await repository.read(path)).toBe(altered(text))
    expect(await repository.git('diff', '--name-only', 'HEAD')).toBe(path)
    expect(await repository.git('fsck', '--strict', '--no-dangling')).toBe('')
  })
})

describe('a request with bytes', () => {
  it('is committed: tree, index and disk have them', async () => {
    const { repository, path, text, request } = await closedRecord()
    expect(await directGit().commit(repository.path, [request])).toMatchObject([
      { status: 'committed' },
    ])
    await expectBytes(repository, path, Buffer.from(text))
    expect(await repository.statusPorcelain()).toEqual([])
    const again = await directGit().commit(repository.path, [request, { ...request }])
    expect(again).toEqual(Array(2).fill(expect.objectContaining({ earlier: true })))
  })

  it('of an open record is refused', async () => {
    const { repository, path, request, file } = await closedRecord()
    const text = openRecordText()
    await writeFile(file, text)
    const [result] = await directGit().commit(repository.path, [
      { ...request, record: recordOf(path, text) },
    ])
    expect(result).toMatchObject({ status: 'refused', code: 'OPEN_RECORD' })
    expect(result).toHaveProperty('message', expect.stringContaining(path))
    expect(await repository.git('ls-files')).not.toContain(path)
  })

  it('still has its evidence read', async () => {
    const { repository, path, text, request } = await closedRecord()
    const evidence = '.kittify/evidence/x/report.txt'
    const both = { ...request, extras: [evidence] }
    expect(await directGit().commit(repository.path, [both])).toMatchObject([
      { code: 'FILE_MISSING' },
    ])
    await repository.write(evidence, 'seen\n')
    expect(await directGit().commit(repository.path, [both])).toMatchObject([
      { status: 'committed' },
    ])
    await expectBytes(repository, path, Buffer.from(text))
    await expectBytes(repository, evidence, Buffer.from('seen\n'))
  })
})

/** Direct git, with a change to the records between the writer's read and the commit. */
const meanwhile = (
  repository: Repository,
  happens: (file: string, text: string) => Promise<unknown>,
): CommitStrategy => {
  let isOver = false
  const meddle = async (request: CommitRequest): Promise<void> => {
    const [path = ''] = requestPaths(request).write
    if (!isOver) await happens(join(repository.path, path), await repository.read(path))
    isOver = true
  }
  const inner = directGit()
  return {
    ...inner,
    commit: async (root, requests) => {
      await Promise.all(requests.map(meddle))
      return inner.commit(root, requests)
    },
  }
}

describe('between append and commit, a record', () => {
  it('cut back is not committed then; the next batch completes it and commits it whole', async () => {
    const repository = await newRepository()
    const strategy = meanwhile(repository, (file, text) => writeFile(file, openPart(text)))
    const ops = await storeAt(repository, {}, { strategy })
    const closed = await closeOne(ops)
    expect(answerOf(closed)).toBe('OPEN_RECORD')
    await ops.flush()
    expect(parseOpRecord(await repository.read(closed.path)).status).toBe('closed')
    await expectCommitted(repository, ops, closed)
  })

  it('that is removed is written again and committed, to the byte', async () => {
    const repository = await newRepository()
    const strategy = meanwhile(repository, (file) => rm(file))
    const ops = await storeAt(repository, {}, { strategy })
    await expectCommitted(repository, ops, await closeOne(ops))
  })
})
