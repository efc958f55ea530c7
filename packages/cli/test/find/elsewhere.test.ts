import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { newRepository, type Repository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { jsonIn, openIn, type RunOptions, runIn } from '../support/in-process.js'
import { ledgerPaths, ledgerRef, ledgerTip } from '../support/ledger.js'

const DONE = ['--outcome', 'done']
const PERSON: RunOptions = { terminal: true }

type Linked = { readonly main: Repository; readonly linked: Repository }

/** A repository with a linked work tree, in a folder named `feature`. */
const withLinked = async (): Promise<Linked> => {
  const main = await newRepository()
  const path = join(await tempFolder(), 'feature')
  await main.git('worktree', 'add', '--quiet', '-b', 'feature', path)
  return { main, linked: repositoryAt(path) }
}

const remove = ({ main, linked }: Linked) => main.git('worktree', 'remove', '--force', linked.path)

const complete = (cwd: string, id: string, more: readonly string[] = [], options = {}) =>
  jsonIn(cwd, ['ops', 'complete', id, ...DONE, ...more], options)

const recordIn = ({ path }: Repository, id: string) =>
  readFile(join(path, 'kitty-ops', `${id}.jsonl`), 'utf8')

describe('an Op of another work tree', () => {
  it('is closed there, from anywhere in the repository, and the answer names its work tree', async () => {
    const { main, linked } = await withLinked()
    const [first, second] = [await openIn(linked.path), await openIn(main.path)]
    const { json } = await complete(main.path, first)
    const work_tree = { path: linked.path, status: 'present' }
    expect(json).toMatchObject({ work_tree, commit: { status: 'committed' } })
    expect((await linked.log())[0]).toContain(`[${first.slice(0, 8)}]`)
    expect(await main.log()).toHaveLength(1)
    const argv = ['ops', 'complete', second, ...DONE]
    const { stdout } = await runIn(linked.path, argv)
    expect(stdout.split('\n')[1]).toBe(`Tree    ${main.path}`)
    expect((await main.log())[0]).toContain(`[${second.slice(0, 8)}]`)
  })

  it('takes its settings from there, and flags and paths from the caller', async () => {
    const { main, linked } = await withLinked()
    await linked.write('.kittify/config.yaml', 'ops: {commit: none}\n')
    const id = await openIn(linked.path)
    const below = join(linked.path, 'below')
    await mkdir(below)
    await writeFile(join(below, 'report.md'), 'It works.\n')
    await mkdir(join(main.path, 'below'))
    await writeFile(join(main.path, 'below', 'app.ts'), '')
    const evidence = relative(join(main.path, 'below'), join(below, 'report.md'))
    const links = ['--artifact', 'app.ts', '--commit', 'HEAD', '--evidence', evidence]
    const { json } = await complete(join(main.path, 'below'), id, links)
    expect(json).toMatchObject({ commit: { status: 'skipped', reason: 'disabled' } })
    const record = await recordIn(linked, id)
    expect(record).toContain('"ref":"app.ts"')
    expect(record).toContain(await main.head())
    expect(record).toContain('"evidence_ref":')
  })

  it('is closed by a prefix only if nothing here has it', async () => {
    const { main, linked } = await withLinked()
    const now = new Date('2026-03-02T09:00:00Z')
    const [here, there] = [
      await openIn(main.path, ['do', 'x'], { now }),
      await openIn(linked.path, ['do', 'x'], { now }),
    ]
    const shared = here.slice(0, 10)
    expect(there.slice(0, 10)).toBe(shared)
    expect((await complete(main.path, shared)).json).toMatchObject({ invocation_id: here })
    expect((await complete(main.path, there.slice(0, 20))).json).toMatchObject({
      invocation_id: there,
      work_tree: { status: 'present' },
    })
  })

  it('shares a prefix with others: the candidates name their work trees', async () => {
    const { main, linked } = await withLinked()
    const now = new Date('2026-03-02T09:00:00Z')
    const ids = [
      await openIn(linked.path, ['do', 'x'], { now }),
      await openIn(linked.path, ['do', 'y'], { now }),
    ]
    const prefix = ids[0]?.slice(0, 10) ?? ''
    const { json, status } = await complete(main.path, prefix)
    expect(status).toBe(1)
    const work_tree = { path: linked.path, status: 'present' }
    expect(json).toMatchObject({
      error: { code: 'AMBIGUOUS_ID' },
      candidates: [{ work_tree }, { work_tree }],
    })
    const { stderr } = await runIn(main.path, ['ops', 'show', prefix])
    expect(stderr.split('\n').filter((line) => line.includes(' feature '))).toHaveLength(2)
  })

  it('is never closed without its id, and by a script not with a short one', async () => {
    const { main, linked } = await withLinked()
    const id = await openIn(linked.path, ['do', 'x'], PERSON)
    const nothing = await jsonIn(main.path, ['ops', 'complete', ...DONE], PERSON)
    expect(nothing.json).toMatchObject({ error: { code: 'NOTHING_OPEN' } })
    expect((await complete(main.path, '0')).json).toMatchObject({ error: { code: 'ID_REQUIRED' } })
    const unknown = await complete(main.path, '7ZZZZZZZZZZZZZZZZZZZZZZZZZ')
    expect(unknown.json).toMatchObject({ error: { code: 'OP_NOT_FOUND' } })
    expect((await complete(main.path, '0', [], PERSON)).json).toMatchObject({ invocation_id: id })
  })

  it('is shown with its record', async () => {
    const { main, linked } = await withLinked()
    const id = await openIn(linked.path)
    const { json, stderr } = await jsonIn(main.path, ['ops', 'show', id])
    const work_tree = { path: linked.path, status: 'present' }
    expect(json).toMatchObject({ op: { invocation_id: id, status: 'open' }, work_tree })
    expect(stderr).toBe('')
    await complete(linked.path, id)
    const { stdout } = await runIn(main.path, ['ops', 'show', id])
    expect(stdout).toContain(`work tree  ${linked.path}\n`)
    expect(stdout).toMatch(/committed\s+[0-9a-f]{10} op\(generic\)/)
  })
})

describe('an Op of another project in the same work tree', () => {
  it('is found, listed and closed in its own project', async () => {
    const { path, write, log } = await newRepository()
    for (const name of ['one', 'two']) await write(`${name}/.kittify/config.yaml`, '')
    const id = await openIn(join(path, 'one'))
    const there = join(path, 'two')
    const work_tree = { path, root: join(path, 'one'), status: 'present' }
    const list = await jsonIn(there, ['ops', 'list', '--all'])
    expect(list.json).toMatchObject({ ops: [{ invocation_id: id, work_tree }] })
    expect((await complete(there, id)).json).toMatchObject({ work_tree })
    expect(await log()).toHaveLength(2)
  })
})

describe('an Op of a work tree that was removed', () => {
  it('is shown by its start note, and closed in the ledger', async () => {
    const trees = await withLinked()
    const { main, linked } = trees
    const before = await main.head()
    const id = await openIn(linked.path)
    await remove(trees)
    const { json, stderr } = await complete(main.path, id)
    const note =
      'The work tree of the Op is gone, so its record is in the ledger and not in a file here.'
    const work_tree = { path: linked.path, status: 'gone' }
    const commit = { status: 'committed', sha: await ledgerTip(main) }
    expect(json).toMatchObject({ work_tree, commit, notes: [note] })
    expect(stderr).toBe(`spec-kitty: ${note}\n`)
    const [path = ''] = await ledgerPaths(main)
    expect(path).toContain(id)
    const record = await main.git('cat-file', 'blob', `${await ledgerRef(main)}:${path}`)
    expect(record).toContain('"outcome":"done"')
    expect(await main.head()).toBe(before)
    expect(await main.statusPorcelain()).toEqual([])
    await expect(recordIn(main, id)).rejects.toThrow('ENOENT')
  })

  it('is named with the ledger as its place in the text of its close', async () => {
    const trees = await withLinked()
    const id = await openIn(trees.linked.path)
    await remove(trees)
    const { stdout } = await runIn(trees.main.path, ['ops', 'complete', id, ...DONE])
    const tip = (await ledgerTip(trees.main)).slice(0, 10)
    expect(stdout.split('\n').slice(1)).toEqual([
      'Record  in the ledger',
      `Commit  added to the ledger as ${tip}`,
      '',
    ])
  })

  it('is closed here if the ledger is off', async () => {
    const trees = await withLinked()
    const { main, linked } = trees
    await main.write('.kittify/config.yaml', 'ops: {ledger: false}\n')
    await main.commit('Settings')
    const id = await openIn(linked.path)
    await remove(trees)
    const work_tree = { path: linked.path, status: 'gone' }
    const show = await jsonIn(main.path, ['ops', 'show', id])
    expect(show.json).toMatchObject({ op: { status: 'open' }, work_tree, commit: null })
    expect(show.stderr).toContain('The work tree of the Op is gone. This is its start note.')
    const { json, stderr } = await complete(main.path, id)
    const note = `Its work tree ${linked.path} is gone, so the Op was closed into kitty-ops/ here.`
    expect(json).toMatchObject({ work_tree, commit: { status: 'committed' } })
    expect(json).not.toHaveProperty('commit.ledger')
    expect(json).toHaveProperty('notes', expect.arrayContaining([note]))
    expect(stderr).toContain(note)
    expect(await recordIn(main, id)).toContain('"outcome":"done"')
    expect(await main.statusPorcelain()).toEqual([])
    expect((await complete(main.path, id)).json).toMatchObject({ already: true })
  })

  it('is shown and closed by its close intent if it was closed and not committed', async () => {
    const trees = await withLinked()
    const { main, linked } = trees
    await linked.git('checkout', '--quiet', '--detach')
    const id = await openIn(linked.path)
    const first = await complete(linked.path, id)
    expect(first.json).toMatchObject({ commit: { status: 'deferred' } })
    await remove(trees)
    const show = await jsonIn(main.path, ['ops', 'show', id])
    expect(show.json).toMatchObject({ op: { outcome: 'done' }, work_tree: { status: 'gone' } })
    expect(show.stderr).toContain('This is its close intent.')
    const again = await complete(main.path, id)
    expect(again.json).toMatchObject({ already: true, commit: { status: 'committed' } })
    const [path = ''] = await ledgerPaths(main)
    expect(path).toContain(id)
    expect(await main.git('show', `${await ledgerRef(main)}:${path}`)).toContain('"outcome":"done"')
  })

  it('is closed here if the folder is only out of reach', async () => {
    const { main, linked } = await withLinked()
    const id = await openIn(linked.path)
    await rename(linked.path, `${linked.path}-away`)
    const list = await runIn(main.path, ['ops', 'list', '--all'])
    expect(list.stdout).toContain('feature (out of reach)')
    const { json } = await complete(main.path, id)
    expect(json).toMatchObject({ work_tree: { status: 'unreachable' } })
    expect(await recordIn(main, id)).toContain('"outcome":"done"')
  })
})

describe('ops list --all', () => {
  const idsIn = async (cwd: string, ...flags: string[]): Promise<readonly string[]> => {
    const { stdout } = await runIn(cwd, ['ops', 'list', '--jsonl', ...flags])
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).invocation_id)
  }

  it('adds open and pending Ops of all work trees, each once', async () => {
    const trees = await withLinked()
    const { main, linked } = trees
    const third = repositoryAt(join(await tempFolder(), 'third'))
    await main.git('worktree', 'add', '--quiet', '--detach', third.path)
    const gone = await openIn(linked.path)
    await remove(trees)
    const here = await openIn(main.path)
    const open = await openIn(third.path, ['do', 'x', '--profile', 'p'])
    const pending = await openIn(third.path)
    await complete(third.path, pending)
    const all = [pending, open, here, gone].toSorted().toReversed()
    expect(await idsIn(main.path, '--all')).toEqual(all)
    expect(await idsIn(main.path)).toEqual([here])
    const present = { path: third.path, status: 'present' }
    const { json } = await jsonIn(main.path, ['ops', 'list', '--all'])
    const listed = [
      { invocation_id: gone, work_tree: { path: linked.path, status: 'gone' } },
      { invocation_id: here },
      { invocation_id: open, status: 'open', work_tree: present },
      { invocation_id: pending, outcome: 'done', work_tree: present },
    ].toSorted((a, b) => (a.invocation_id < b.invocation_id ? 1 : -1))
    expect(json).toMatchObject({ ops: listed })
    expect(JSON.stringify(json).match(/work_tree/g)).toHaveLength(3)
    expect(await idsIn(main.path, '--all', '--status', 'closed')).toEqual([pending])
    expect(await idsIn(main.path, '--all', '--profile', 'p')).toEqual([open])
    for (const [place, id] of all.entries()) {
      expect(await idsIn(main.path, '--all', '--after', id)).toEqual(all.slice(place + 1))
      expect(await idsIn(main.path, '--all', '-n', String(place + 1))).toEqual(
        all.slice(0, place + 1),
      )
    }
    const { stdout } = await runIn(main.path, ['ops', 'list', '--all'])
    expect(stdout).toMatch(/ TREE /)
    expect(stdout).toContain(' feature (gone) ')
    const csv = await runIn(main.path, ['ops', 'list', '--all', '--csv', '--columns', 'id,tree'])
    expect(csv.stdout).toContain(`${gone},${linked.path} (gone)\r\n`)
  })

  it('lists an Op once whose open record was committed and is checked out here', async () => {
    const { main, linked } = await withLinked()
    const id = await openIn(linked.path)
    await linked.git('add', '--force', 'kitty-ops')
    await linked.git('commit', '--quiet', '-m', 'Everything')
    await main.git('merge', '--quiet', 'feature')
    expect(await idsIn(main.path, '--all')).toEqual([id])
    const third = join(await tempFolder(), 'third')
    await main.git('worktree', 'add', '--quiet', '--detach', third, 'HEAD~1')
    expect(await idsIn(third, '--all')).toEqual([id])
    const { json } = await jsonIn(third, ['ops', 'list', '--all'])
    expect(json).toMatchObject({ ops: [{ work_tree: { path: linked.path } }] })
  })

  it('is named by the list of an empty checkout', async () => {
    const { main, linked } = await withLinked()
    expect((await runIn(main.path, ['ops', 'list'])).stdout).toMatch(/^No Ops here\. See how/)
    await openIn(linked.path)
    const one = 'No Ops here. 1 Op is elsewhere in the repository: '
    expect((await runIn(main.path, ['ops', 'list'])).stdout).toBe(
      `${one}spec-kitty ops list --all\n`,
    )
    await openIn(linked.path)
    expect((await runIn(main.path, ['ops', 'list'])).stdout).toContain(' 2 Ops are elsewhere ')
  })
})
