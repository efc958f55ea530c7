import { readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { jsonIn, openIn, runIn } from '../support/in-process.js'

const DONE = ['--outcome', 'done']

const complete = (cwd: string, id: string, ...more: readonly string[]) =>
  jsonIn(cwd, ['ops', 'complete', id, ...DONE, ...more])

const closedIn = async (cwd: string, ...argv: string[]): Promise<string> => {
  const id = await openIn(cwd, argv.length === 0 ? ['do', 'Something'] : argv)
  await complete(cwd, id)
  return id
}

const recordOf = ({ path }: Repository, id: string): Promise<Buffer> =>
  readFile(join(path, 'kitty-ops', `${id}.jsonl`))

const linkedTo = async (main: Repository, branch: string): Promise<Repository> => {
  const path = join(await tempFolder(), branch)
  await main.git('worktree', 'add', '--quiet', '-b', branch, path)
  return repositoryAt(path)
}

/** A committed Op whose work tree and branch are deleted. */
const lostOp = async () => {
  const main = await newRepository()
  const linked = await linkedTo(main, 'agent-1')
  const id = await openIn(linked.path, ['do', 'A'])
  const { json } = await complete(linked.path, id)
  expect(json).toMatchObject({ commit: { status: 'committed', ledger: { status: 'committed' } } })
  const bytes = await recordOf(linked, id)
  await main.git('worktree', 'remove', '--force', linked.path)
  await main.git('branch', '--quiet', '-D', 'agent-1')
  return { main, id, bytes }
}

const ledgerRef = async (main: Repository): Promise<string> => {
  const ref = await main.git('for-each-ref', '--format=%(refname)', 'refs/kitty/ops/')
  return ref.trim()
}

/** The path of a record in the ledger of this clone. */
const pathInLedger = async (main: Repository, id: string): Promise<string> => {
  const names = await main.git('ls-tree', '-r', '--name-only', await ledgerRef(main))
  return names.split('\n').find((name) => name.endsWith(`/${id}.jsonl`)) ?? ''
}

const FETCHED = '01K6ZP4W000000000000000000'

/** Makes a ledger that was fetched from a remote, with one file. */
const fetchedLedger = async (main: Repository, path: string, bytes: string): Promise<void> => {
  await main.write('.git/fetched-blob', bytes)
  const blob = (await main.git('hash-object', '-w', '.git/fetched-blob')).trim()
  const env = { GIT_INDEX_FILE: join(main.path, '.git', 'fetched-index') }
  const entry = ['--add', '--cacheinfo', `100644,${blob},${path}`]
  await main.gitWith({ env }, 'update-index', ...entry)
  const { stdout: tree } = await main.gitWith({ env }, 'write-tree')
  const commit = (await main.git('commit-tree', '-m', 'ledger', tree.trim())).trim()
  await main.git('update-ref', `refs/kitty/remotes/origin/${FETCHED}`, commit)
}

describe('an Op whose work tree and branch are deleted', () => {
  it('is listed, shown and restored to the byte', async () => {
    const { main, id, bytes } = await lostOp()
    const listed = await jsonIn(main.path, ['ops', 'list', '--all'])
    const writer = (await ledgerRef(main)).split('/').at(-1)
    const op = { invocation_id: id, outcome: 'done', in: ['ledger'], writer }
    expect(listed.json).toMatchObject({ ops: [op] })
    const { json, stderr } = await jsonIn(main.path, ['ops', 'show', id.slice(0, 12)])
    expect(json).toMatchObject({ op: { invocation_id: id }, in: ['ledger'], writer, commit: null })
    expect(stderr).toContain('The record is in the ledger, but not on disk here.')
    expect(stderr).toContain(`spec-kitty ops restore ${id}`)
    const { stdout } = await runIn(main.path, ['ops', 'show', id])
    expect(stdout).toContain(
      `  in         ledger\n  writer     ${writer}\n  committed  not here, kept in the ledger\n`,
    )
    expect(stdout).not.toContain('kitty-ops')
    const restored = await jsonIn(main.path, ['ops', 'restore', id])
    const path = `kitty-ops/${id}.jsonl`
    expect(restored).toMatchObject({
      status: 0,
      json: { restored: [{ invocation_id: id, path, from: 'ledger', how: 'created' }], left: [] },
    })
    expect(await recordOf(main, id)).toEqual(bytes)
    const again = await jsonIn(main.path, ['ops', 'restore', id])
    expect(again).toMatchObject({ status: 0, json: { left: [{ code: 'PRESENT' }] } })
  })

  it('is shown with its commit and branch if only the work tree is gone', async () => {
    const main = await newRepository()
    const linked = await linkedTo(main, 'agent-1')
    const id = await openIn(linked.path, ['do', 'A'])
    const { json } = await complete(linked.path, id)
    await main.git('worktree', 'remove', '--force', linked.path)
    const shown = await jsonIn(main.path, ['ops', 'show', id])
    const { sha } = (json as { commit: { sha: string } }).commit
    expect(shown.json).toMatchObject({ in: ['ledger'], commit: { sha, branch: 'agent-1' } })
    const { stdout } = await runIn(main.path, ['ops', 'show', id])
    expect(stdout).toContain(`  committed  ${sha.slice(0, 10)} op(generic): do [`)
    expect(stdout).toContain('\n  branch     agent-1\n')
  })

  it('is counted by the list of an empty checkout', async () => {
    const { main } = await lostOp()
    const { stdout } = await runIn(main.path, ['ops', 'list'])
    expect(stdout).toBe(
      'No Ops here. 1 Op is elsewhere in the repository: spec-kitty ops list --all\n',
    )
  })

  it('is not what --all restores', async () => {
    const { main } = await lostOp()
    const { json } = await jsonIn(main.path, ['ops', 'restore', '--all'])
    expect(json).toEqual({ restored: [], left: [] })
  })

  it('is closed: the same close succeeds, and another one is an error', async () => {
    const { main, id } = await lostOp()
    expect(await complete(main.path, id)).toMatchObject({
      status: 0,
      json: { already: true, commit: { status: 'committed' } },
    })
    const other = await jsonIn(main.path, ['ops', 'complete', id, '--outcome', 'failed'])
    expect(other).toMatchObject({ status: 1, json: { error: { code: 'ALREADY_CLOSED' } } })
    expect(await main.statusPorcelain()).toEqual([])
  })

  it('does not overwrite a file, and says how to compare', async () => {
    const { main, id } = await lostOp()
    await main.write(`kitty-ops/${id}.jsonl`, 'mine')
    const { json, status } = await jsonIn(main.path, ['ops', 'restore', id])
    const hint = expect.stringContaining(`git show ${await ledgerRef(main)}:`)
    expect({ json, status }).toMatchObject({
      status: 1,
      json: { left: [{ code: 'RECORD_DIFFERS', from: 'ledger', hint }] },
    })
  })

  it('is never restored if it was erased on purpose', async () => {
    const { main, id } = await lostOp()
    await fetchedLedger(main, `erased/${id}`, '')
    const { json, status } = await jsonIn(main.path, ['ops', 'restore', id])
    expect({ json, status }).toMatchObject({
      status: 1,
      json: { restored: [], left: [{ invocation_id: id, code: 'OP_ERASED' }] },
    })
  })
})

it('an erased Op is not restored from HEAD either', async () => {
  const main = await newRepository()
  const id = await closedIn(main.path)
  await rm(join(main.path, 'kitty-ops', `${id}.jsonl`))
  await fetchedLedger(main, `erased/${id}`, '')
  for (const which of [id, '--all']) {
    const { json } = await jsonIn(main.path, ['ops', 'restore', which])
    expect(json).toMatchObject({ restored: [], left: [{ code: 'OP_ERASED' }] })
  }
})

describe('ops list --all', () => {
  const idsIn = async (cwd: string, ...flags: string[]): Promise<readonly string[]> => {
    const { stdout } = await runIn(cwd, ['ops', 'list', '--all', '--jsonl', ...flags])
    const lines = stdout.split('\n').filter((line) => line !== '')
    return lines.map((line) => JSON.parse(line).invocation_id)
  }

  it('says where each record is', async () => {
    const { main, id: lost } = await lostOp()
    const other = await linkedTo(main, 'agent-2')
    const kept = await closedIn(main.path)
    const deleted = await closedIn(main.path)
    await rm(join(main.path, 'kitty-ops', `${deleted}.jsonl`))
    const open = await openIn(main.path)
    const away = await openIn(other.path)
    const { json } = await jsonIn(main.path, ['ops', 'list', '--all'])
    const work_tree = { path: other.path, status: 'present' }
    expect(json).toMatchObject({
      ops: [
        { invocation_id: lost, in: ['ledger'] },
        { invocation_id: kept, in: ['disk', 'head', 'ledger'] },
        { invocation_id: deleted, in: ['head', 'ledger'] },
        { invocation_id: open, in: ['disk'] },
        { invocation_id: away, in: ['disk'], work_tree },
      ].toSorted((a, b) => (a.invocation_id < b.invocation_id ? 1 : -1)),
    })
    expect(JSON.stringify(json)).not.toContain('conflict')
    const { stdout } = await runIn(main.path, ['ops', 'list', '--all'])
    expect(stdout).toMatch(/ TREE +IN +REQUEST/)
    expect(stdout).toMatch(/ disk head ledger +Something\n/)
    expect((await runIn(main.path, ['ops', 'list'])).stdout).not.toContain(' IN ')
    const csv = await runIn(main.path, ['ops', 'list', '--all', '--csv', '--columns', 'id,in'])
    expect(csv.stdout).toContain(`${kept},disk head ledger\r\n`)
  })

  it('filters and pages Ops of the ledger like those here', async () => {
    const main = await newRepository()
    const linked = await linkedTo(main, 'agent')
    const ids = [
      await closedIn(linked.path, 'do', 'x', '--profile', 'p'),
      await closedIn(main.path),
      await closedIn(linked.path),
      await closedIn(main.path, 'do', 'x', '--profile', 'p'),
    ]
    await main.git('worktree', 'remove', '--force', linked.path)
    const all = ids.toSorted().toReversed()
    expect(await idsIn(main.path)).toEqual(all)
    for (const [place, id] of all.entries()) {
      expect(await idsIn(main.path, '--after', id)).toEqual(all.slice(place + 1))
      expect(await idsIn(main.path, '-n', String(place + 1))).toEqual(all.slice(0, place + 1))
    }
    expect(await idsIn(main.path, '--profile', 'p')).toHaveLength(2)
    expect(await idsIn(main.path, '--status', 'open')).toEqual([])
  })

  it('marks an Op whose places have different bytes, and shows the one on disk', async () => {
    const main = await newRepository()
    const id = await closedIn(main.path)
    const bytes = (await recordOf(main, id)).toString()
    const other = bytes.replace('"outcome":"done"', '"outcome":"failed"')
    await fetchedLedger(main, await pathInLedger(main, id), other)
    const { json } = await jsonIn(main.path, ['ops', 'list', '--all'])
    const places = { in: ['disk', 'head', 'ledger'], conflict: true }
    expect(json).toMatchObject({ ops: [{ invocation_id: id, outcome: 'done', ...places }] })
    const shown = await jsonIn(main.path, ['ops', 'show', id])
    expect(shown.json).toMatchObject({ op: { outcome: 'done' }, ...places })
    expect(shown.stderr).toContain('These places have different records for this Op.')
    const { stdout } = await runIn(main.path, ['ops', 'list', '--all'])
    expect(stdout).toContain(' disk head ledger (conflict) ')
    const changed = bytes.replace('Something', 'Anything.')
    await main.write(`kitty-ops/${id}.jsonl`, changed)
    await main.git('update-ref', '-d', `refs/kitty/remotes/origin/${FETCHED}`)
    expect((await jsonIn(main.path, ['ops', 'list', '--all'])).json).toMatchObject({
      ops: [{ request_excerpt: 'Anything.', ...places }],
    })
  })

  it('marks an Op that is open on disk and closed in the ledger', async () => {
    const main = await newRepository()
    const id = await openIn(main.path)
    const opened = await recordOf(main, id)
    await complete(main.path, id)
    await main.write(`kitty-ops/${id}.jsonl`, opened)
    const op = { invocation_id: id, status: 'open', in: ['disk', 'head', 'ledger'], conflict: true }
    expect((await jsonIn(main.path, ['ops', 'list', '--all'])).json).toMatchObject({ ops: [op] })
    const { stderr } = await jsonIn(main.path, ['ops', 'show', id])
    expect(stderr).toContain('These places have different records for this Op.')
  })

  it('lists an Op as closed if only the start note of a store that is gone has it open', async () => {
    const main = await newRepository()
    const store = join(main.path, 'one')
    await main.write('one/.kittify/config.yaml', '')
    const id = await openIn(store)
    await rename(store, join(main.path, 'two'))
    const open = { invocation_id: id, status: 'open', in: [] }
    expect((await jsonIn(main.path, ['ops', 'list', '--all'])).json).toMatchObject({ ops: [open] })
    await complete(join(main.path, 'two'), id)
    const closed = { invocation_id: id, status: 'closed', in: ['head', 'ledger'] }
    expect((await jsonIn(main.path, ['ops', 'list', '--all'])).json).toMatchObject({
      ops: [closed],
    })
  })

  it('does not mark an Op that was committed while it was open', async () => {
    const main = await newRepository()
    const id = await openIn(main.path)
    await main.git('add', '--force', 'kitty-ops')
    await main.git('commit', '--quiet', '-m', 'Everything')
    await main.git('checkout', '--quiet', '--detach')
    await complete(main.path, id)
    const { json } = await jsonIn(main.path, ['ops', 'list', '--all'])
    expect(json).toMatchObject({
      ops: [{ invocation_id: id, status: 'closed', in: ['disk', 'head', 'ledger'] }],
    })
    expect(JSON.stringify(json)).not.toContain('conflict')
  })
})

describe('the prefix of an id', () => {
  const now = { now: new Date('2026-03-02T09:00:00Z') }

  it('means an Op here before one of a ledger, and several of ledgers are candidates', async () => {
    const main = await newRepository()
    const linked = await linkedTo(main, 'agent')
    const lost = [
      await openIn(linked.path, ['do', 'x'], now),
      await openIn(linked.path, ['do', 'y'], now),
    ]
    for (const id of lost) await complete(linked.path, id)
    await main.git('worktree', 'remove', '--force', linked.path)
    await main.git('branch', '--quiet', '-D', 'agent')
    const prefix = lost[0]?.slice(0, 10) ?? ''
    for (const command of ['show', 'restore']) {
      const { json } = await jsonIn(main.path, ['ops', command, prefix])
      expect(json).toMatchObject({ error: { code: 'AMBIGUOUS_ID' } })
    }
    const here = await openIn(main.path, ['do', 'z'], now)
    const { json } = await jsonIn(main.path, ['ops', 'show', prefix])
    expect(json).toMatchObject({ op: { invocation_id: here } })
  })
})

it('a repository without ledgers is listed as before', async () => {
  const main = await newRepository()
  await main.write('.kittify/config.yaml', 'ops: {ledger: false}\n')
  const id = await closedIn(main.path)
  const { json } = await jsonIn(main.path, ['ops', 'list', '--all'])
  expect(json).toMatchObject({ ops: [{ invocation_id: id, in: ['disk', 'head'] }] })
  expect(JSON.stringify(json)).not.toContain('writer')
})
