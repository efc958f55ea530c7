import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpId } from '@kitty/record'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { archivedPath, recordPath, toAbsolute } from '../../src/project/paths.js'
import { listOps, type OpFilter } from '../../src/records/list-ops.js'
import {
  closedLines,
  completedLine,
  idAt,
  put,
  putArchived,
  putRecord,
  startedLine,
} from '../support/records.js'

const MISSION = '01KEXAMPKEM0000000000000AA'

const idsOf = async (root: string, filter?: OpFilter): Promise<OpId[]> =>
  (await listOps(root, filter)).map(({ invocation_id }) => invocation_id)

describe('a list of Ops', () => {
  it('is empty before the first Op', async () => {
    expect(await listOps(await tempFolder())).toEqual([])
  })

  it('shows of an open Op what its record says', async () => {
    const root = await tempFolder()
    const id = idAt(0)
    await putRecord(root, id, startedLine(id, { mission_id: MISSION, wp_id: 'WP01' }))
    expect(await listOps(root)).toEqual([
      {
        invocation_id: id,
        status: 'open',
        profile_id: 'debugger-debbie',
        request_excerpt: 'Why does it fail?',
        action: 'investigate',
        actor: 'claude',
        started_at: '2026-01-05T10:00:00.000Z',
        mission_id: MISSION,
        wp_id: 'WP01',
        path: recordPath(id),
      },
    ])
  })

  it('shows how a closed Op ended, and how long it took', async () => {
    const root = await tempFolder()
    const id = idAt(0)
    await putArchived(root, id, startedLine(id, { actor: null }) + completedLine(id))
    expect(await listOps(root)).toEqual([
      {
        invocation_id: id,
        status: 'closed',
        profile_id: 'debugger-debbie',
        request_excerpt: 'Why does it fail?',
        action: 'investigate',
        started_at: '2026-01-05T10:00:00.000Z',
        outcome: 'done',
        completed_at: '2026-01-05T10:01:00.000Z',
        duration_ms: 60_000,
        path: archivedPath(id),
      },
    ])
  })

  it('does not guess the outcome of an older record', async () => {
    const root = await tempFolder()
    const id = idAt(0)
    const completed = { outcome: null, closed_by: undefined, action: '', actor: 'unknown' }
    await putRecord(root, id, startedLine(id) + completedLine(id, completed))
    expect(await listOps(root)).toMatchObject([{ status: 'closed', outcome: 'unknown' }])
  })

  it('is sorted newest first, up to the limit', async () => {
    const root = await tempFolder()
    const ids = Array.from({ length: 40 }, (_, minute) => idAt(minute))
    for (const [minute, id] of ids.entries()) {
      const place = minute % 2 === 0 ? putRecord : putArchived
      await place(root, id, closedLines(minute, id))
    }
    const newestFirst = ids.toReversed()
    expect(await idsOf(root)).toEqual(newestFirst)
    expect(await idsOf(root, { limit: 3 })).toEqual(newestFirst.slice(0, 3))
    expect(await idsOf(root, { limit: 20 })).toEqual(newestFirst.slice(0, 20))
    expect(await idsOf(root, { limit: 0 })).toEqual([])
  })

  it('begins after a position, hot or archived, whether or not an Op is there', async () => {
    const root = await tempFolder()
    const ids = Array.from({ length: 9 }, (_, minute) => idAt(minute))
    for (const [minute, id] of ids.entries()) {
      const place = minute % 2 === 0 ? putRecord : putArchived
      if (minute !== 5) await place(root, id, closedLines(minute, id))
    }
    const newestFirst = ids.toReversed().filter((_, place) => place !== 3)
    expect(await idsOf(root, { after: idAt(99) })).toEqual(newestFirst)
    const [oldest, , , , , gone, present] = ids
    if (!oldest || !gone || !present) return expect.unreachable()
    expect(await idsOf(root, { after: present })).toEqual(newestFirst.slice(3))
    expect(await idsOf(root, { after: gone, limit: 2 })).toEqual(newestFirst.slice(3, 5))
    expect(await idsOf(root, { after: oldest })).toEqual([])
  })
})

describe('a filter', () => {
  const threeOps = async () => {
    const root = await tempFolder()
    const [first, second, third] = [idAt(0), idAt(10), idAt(20)]
    await putRecord(root, first, closedLines(0, first, { profile_id: 'planner', actor: 'codex' }))
    await putRecord(root, second, closedLines(10, second, { mission_id: MISSION, wp_id: 'WP02' }))
    const started_at = '2026-01-05T10:20:00.000Z'
    await putRecord(root, third, startedLine(third, { mission_id: MISSION, started_at }))
    return { root, first, second, third }
  }

  it.each<[OpFilter, string[]]>([
    [{ status: 'open' }, ['third']],
    [{ status: 'closed' }, ['second', 'first']],
    [{ profile_id: 'planner' }, ['first']],
    [{ actor: 'claude' }, ['third', 'second']],
    [{ mission_id: MISSION }, ['third', 'second']],
    [{ mission_id: MISSION, wp_id: 'WP02' }, ['second']],
    [{ wp_id: 'WP09' }, []],
    [{ since: Date.UTC(2026, 0, 5, 10, 10) }, ['third', 'second']],
    [{ until: new Date('2026-01-05T10:10:00Z') }, ['second', 'first']],
    [{ since: Date.UTC(2026, 0, 5, 10, 1), until: Date.UTC(2026, 0, 5, 10, 19) }, ['second']],
    [{ status: 'closed', limit: 1 }, ['second']],
  ])('%j matches exactly the right Ops', async (filter, names) => {
    const { root, ...ops } = await threeOps()
    const byId = new Map(Object.entries(ops).map(([name, id]) => [id, name]))
    expect((await idsOf(root, filter)).map((id) => byId.get(id))).toEqual(names)
  })
})

describe('a list is not affected', () => {
  it('by records that cannot be read', async () => {
    const root = await tempFolder()
    const [good, torn, empty, folder, orphanEnd] = [0, 1, 2, 3, 4].map(idAt)
    if (!good || !torn || !empty || !folder || !orphanEnd) throw new Error('five ids')
    await putRecord(root, good, startedLine(good))
    await putRecord(root, torn, startedLine(torn).slice(0, 40))
    await putRecord(root, empty, '')
    await putRecord(root, orphanEnd, completedLine(orphanEnd))
    await mkdir(toAbsolute(root, recordPath(folder)))
    expect(await idsOf(root)).toEqual([good])
  })

  it.skipIf(process.platform === 'win32')('by a symbolic link among the records', async () => {
    const root = await tempFolder()
    const [good, link] = [idAt(0), idAt(1)]
    await putRecord(root, good, startedLine(good))
    await put(root, 'real.jsonl', startedLine(link))
    await symlink(join(root, 'real.jsonl'), toAbsolute(root, recordPath(link)))
    expect(await idsOf(root)).toEqual([good])
  })

  it.each([
    ['is missing', () => undefined],
    ['is garbage', () => '<<<<<<< HEAD\n\u0000{]\n>>>>>>> other\n'],
    ['has only another Op', () => `{"invocation_id":"${idAt(9)}"}\n`],
    [
      'is wrong in every field',
      (id: OpId) =>
        `${JSON.stringify({
          invocation_id: id,
          profile_id: 'somebody-else',
          action: 'nothing',
          started_at: '2001-01-01T00:00:00.000Z',
          completed_at: '2001-01-01T00:00:00.000Z',
          outcome: 'failed',
        })}\n`.repeat(3),
    ],
  ])('by an index that %s', async (_, index) => {
    const root = await tempFolder()
    const id = idAt(0)
    await putRecord(root, id, closedLines(0, id))
    const text = index(id)
    if (text !== undefined) await put(root, 'kitty-ops/ops-index.jsonl', text)
    const filter = { profile_id: 'debugger-debbie', since: Date.UTC(2026, 0, 1) }
    expect(await listOps(root, filter)).toMatchObject([{ invocation_id: id, outcome: 'done' }])
  })
})

it('a file in place of the archive hides no Op', async () => {
  const [root, id] = [await tempFolder(), idAt(0)]
  await putRecord(root, id, closedLines(0, id))
  await put(root, 'kitty-ops/archive', 'a file')
  expect(await idsOf(root)).toEqual([id])
})
