import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KittyError } from '@kitty/record'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { type CommitReader, noCommit, type OpsOptions, openOps } from '../../src/index.js'

const REQUEST = { profile_id: 'debugger-debbie', action: 'do', request_text: 'Fix it' }
const [ONE, TWO] = ['1'.repeat(40), '2'.repeat(40)]

type Find = NonNullable<CommitReader['workSince']>

/** A store whose strategy finds commits in this way, and what it was asked. */
const storeWith = async (workSince: Find | undefined, options: Partial<OpsOptions> = {}) => {
  const { path, head } = await newRepository()
  const asked: Parameters<Find>[1][] = []
  const reader = {
    recordsInHead: async () => undefined,
    findCommits: async (_: string, records: readonly unknown[]) => records.map(() => undefined),
    sparseRecords: async () => [],
    ...(workSince && {
      workSince: async (...[root, start]: Parameters<Find>) => {
        asked.push(start)
        return workSince(root, start)
      },
    }),
  }
  const strategy = { ...noCommit(), reader }
  return { ops: await openOps({ root: path, strategy, ...options }), asked, head: await head() }
}

const shasOf = async (root: string, path: string): Promise<readonly string[]> =>
  [...(await readFile(join(root, path), 'utf8')).matchAll(/"commit_link".*"sha":"(\w+)"/g)].map(
    ([, sha = '']) => sha,
  )

describe('the commits since the start', () => {
  it('are linked in the one write of the close, beside those that it names', async () => {
    const find = async () => ({ commits: [ONE, TWO], total: 60 })
    const { ops, asked, head } = await storeWith(find, {
      clock: () => new Date('2026-01-01T00:00:00Z'),
    })
    const op = await ops.start(REQUEST)
    expect(await ops.startNote(op.id)).toMatchObject({ head })
    const closing = { outcome: 'done', link_commits: true, commits: [ONE.slice(0, 10)] } as const
    const { linked, notes, path } = await op.complete(closing)
    expect(asked).toEqual([{ head, at: new Date('2026-01-01T00:00:00Z') }])
    expect(linked).toEqual([ONE, TWO])
    expect(notes).toEqual(['Linked the newest 2 of 60 commits made since the Op was opened.'])
    expect(await shasOf(ops.root, path)).toEqual([ONE.slice(0, 10), TWO])
    expect((await op.complete({ outcome: 'done', link_commits: true })).already).toBe(true)
  })

  it('are linked by the setting of the store, but not by a sweep', async () => {
    const { ops, asked } = await storeWith(async () => ({ commits: [ONE], total: 1 }), {
      linkCommits: true,
    })
    const { completion } = await ops.run(REQUEST, () => 'done')
    expect(completion.notes).toEqual(['Linked 1 commit made since the Op was opened.'])
    const swept = await ops.start(REQUEST)
    expect(
      (await swept.complete({ outcome: 'abandoned', closed_by: 'doctor_sweep' })).linked,
    ).toBeUndefined()
    const off = await ops.start(REQUEST)
    expect((await off.complete({ outcome: 'done', link_commits: false })).linked).toBeUndefined()
    expect(asked).toHaveLength(1)
  })

  it('cannot be found: the Op is closed, and says why', async () => {
    const broken = async () => {
      throw new KittyError('REV_NOT_FOUND', 'it is not in this clone.', { hint: '' })
    }
    const why = async ({ ops }: Pick<Awaited<ReturnType<typeof storeWith>>, 'ops'>) => {
      const { completion } = await ops.run(REQUEST, () => 1, { closing: { link_commits: true } })
      expect(completion.record.status).toBe('closed')
      return completion.notes.at(-1)
    }
    expect(await why(await storeWith(broken))).toBe(
      'No commits were linked: it is not in this clone.',
    )
    expect(await why(await storeWith(undefined))).toContain('the commit strategy cannot read')
    const { ops } = await storeWith(broken, { root: await tempFolder() })
    expect(await why({ ops })).toContain('this is not a git repository')
  })

  it('are unknown for an Op that was opened without a note of HEAD', async () => {
    const { ops, asked } = await storeWith(async () => ({ commits: [], total: 0 }))
    const op = await ops.start(REQUEST)
    const { rm } = await import('node:fs/promises')
    const state = join(ops.root, '.git', 'kitty', 'trees')
    await rm(state, { recursive: true })
    const { notes } = await op.complete({ outcome: 'done', link_commits: true })
    expect(notes).toEqual([expect.stringContaining('it is not known which commit')])
    expect(asked).toEqual([])
  })
})
