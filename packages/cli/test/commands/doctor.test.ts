import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { jsonIn, openIn, runIn } from '../support/in-process.js'

const HOUR = 3_600_000
const hoursAgo = (hours: number) => ({ now: new Date(Date.now() - hours * HOUR) })

/** The findings in a document. */
const findingsIn = (json: unknown): readonly unknown[] => {
  const { findings } = Object(json)
  return Array.isArray(findings) ? findings : []
}

/** A repository with an Op that is closed but could not be committed. */
const withPending = async (): Promise<Repository> => {
  const repository = await newRepository()
  const id = await openIn(repository.path)
  await repository.git('checkout', '--quiet', '--detach')
  await runIn(repository.path, ['ops', 'complete', id, '--outcome', 'done'])
  await repository.git('checkout', '--quiet', 'work')
  return repository
}

describe('doctor ops', () => {
  it('finds nothing where there is nothing', async () => {
    const { path } = await newRepository()
    expect(await runIn(path, ['doctor', 'ops'])).toEqual({
      status: 0,
      stdout: 'Healthy.\n',
      stderr: '',
    })
    expect((await jsonIn(path, ['doctor', 'ops'])).json).toEqual({
      healthy: true,
      open_ops: [],
      findings: [],
      unchecked: [],
      swept: 0,
      skipped_fresh: 0,
      skipped_running: 0,
      threshold_hours: 24,
      fixed: [],
    })
  })

  it('prints commands that work from the current folder, below the root', async () => {
    const { path, git, write, read } = await newRepository()
    const id = await openIn(path)
    await runIn(path, ['ops', 'complete', id, '--outcome', 'done'])
    const record = `kitty-ops/${id}.jsonl`
    const closed = await read(record)
    await write(record, closed.replace('"done"', '"failed"'))
    await mkdir(join(path, 'a b/deep'), { recursive: true })
    const below = join(path, 'a b/deep')
    const { stdout } = await runIn(below, ['doctor', 'ops'])
    expect(stdout).toContain(`git -C ../.. checkout HEAD -- ${record}\n`)
    await git('-C', below, '-C', '../..', 'checkout', '--quiet', 'HEAD', '--', record)
    expect(await read(record)).toBe(closed)
    await write(record, 'damaged\n')
    const { stderr } = await runIn(below, ['ops', 'complete', id, '--outcome', 'done'])
    expect(stderr).toContain(`spec-kitty ops validate ../../${record}\n`)
    const checked = await runIn(below, ['ops', 'validate', `../../${record}`])
    expect(checked).toMatchObject({ status: 1 })
    expect(checked.stdout).toContain('0 valid, 1 invalid')
  })

  it('names an open Op', async () => {
    const { path } = await newRepository()
    const id = await openIn(path, ['do', 'x', '--profile', 'p'], hoursAgo(3))
    const { status, stdout } = await runIn(path, ['doctor', 'ops'])
    expect(status).toBe(0)
    const close = `spec-kitty ops complete ${id} --outcome done   [or failed, abandoned]`
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^info {5}op\(p\): do \[.*\[open-op\]$/),
      `         kitty-ops/${id}.jsonl`,
      `         Next: ${close}`,
      'Healthy.',
      '',
    ])
    const { status: exitStatus, json } = await jsonIn(path, ['doctor', 'ops'])
    expect(exitStatus).toBe(0)
    expect(json).toMatchObject({
      healthy: true,
      open_ops: [{ invocation_id: id, profile_id: 'p', age_hours: 3, action_taken: 'none' }],
      findings: [{ id: 'open-op', severity: 'info', fixable: false, commands: [close] }],
    })
    const fields = ['id', 'severity', 'invocation_id', 'path', 'message', 'fixable', 'commands']
    expect(Object.keys(Object(findingsIn(json)[0]))).toEqual(fields)
  })

  it('closes those that are older than the threshold, and no other', async () => {
    const repository = await newRepository()
    const stale = await openIn(repository.path, ['do', 'x'], hoursAgo(30))
    const fresh = await openIn(repository.path, ['do', 'x'], hoursAgo(20))
    const dry = ['doctor', 'ops', '--close-stale', '--dry-run']
    expect((await runIn(repository.path, dry)).stdout).toMatch(/^Would close /)
    const { status, stdout } = await runIn(repository.path, ['doctor', 'ops', '--close-stale'])
    expect(status).toBe(0)
    expect(stdout).toContain('1 closed as abandoned.\n1 left open: younger than 24 h.\n')
    expect(await repository.log()).toContain(`op(generic): do [${stale.slice(0, 8)}]`)
    const argv = ['doctor', 'ops', '--close-stale', '--threshold', '0']
    expect(await jsonIn(repository.path, argv)).toMatchObject({
      status: 0,
      json: {
        healthy: true,
        swept: 1,
        threshold_hours: 0,
        open_ops: [{ invocation_id: fresh, action_taken: 'closed_abandoned' }],
      },
    })
  })

  it('takes the threshold from the configuration, and rather from a flag', async () => {
    const repository = await newRepository()
    await repository.write('.kittify/config.yaml', 'ops: {threshold_hours: 7.5}\n')
    const thresholdOf = async (...flags: string[]) =>
      (await jsonIn(repository.path, ['doctor', 'ops', ...flags])).json
    expect(await thresholdOf()).toMatchObject({ threshold_hours: 7.5 })
    expect(await thresholdOf('--close-stale', '--threshold', '2')).toMatchObject({
      threshold_hours: 2,
    })
    expect(await thresholdOf('--threshold', '2')).toMatchObject({ threshold_hours: 2 })
  })

  it('warns of an open Op from that age on, and closes none unasked', async () => {
    const repository = await newRepository()
    const id = await openIn(repository.path, ['do', 'x'], hoursAgo(3))
    const look = (...flags: string[]) => jsonIn(repository.path, ['doctor', 'ops', ...flags])
    const stale = {
      status: 1,
      json: { healthy: false, findings: [{ id: 'stale-op', severity: 'warning' }], swept: 0 },
    }
    expect(await look('--threshold', '2')).toMatchObject(stale)
    expect(await look('--threshold', '0')).toMatchObject(stale)
    expect(await look('--threshold', '4')).toMatchObject({ status: 0, json: { healthy: true } })
    expect((await runIn(repository.path, ['doctor', 'ops', '--threshold', '2'])).stdout).toMatch(
      new RegExp(
        `Next: spec-kitty ops complete ${id} --outcome abandoned\n0 errors, 1 warning.\n$`,
      ),
    )
    await repository.write('.kittify/config.yaml', 'ops: {threshold_hours: 2}\n')
    expect(await look()).toMatchObject(stale)
    expect((await jsonIn(repository.path, ['ops', 'show', id])).json).toMatchObject({
      op: { status: 'open' },
    })
  })

  it('names --close-stale once for several stale Ops, with the threshold of this run', async () => {
    const { path } = await newRepository()
    for (const hours of [3, 4]) await openIn(path, ['do', 'x'], hoursAgo(hours))
    const told = async (...flags: string[]) =>
      (await runIn(path, ['doctor', 'ops', ...flags])).stdout.split('\n').slice(6)
    const sweep =
      'Close all of them as abandoned: spec-kitty doctor ops --close-stale --threshold 2.5'
    expect(await told('--threshold', '2.5')).toEqual([
      `2 Ops are stale. ${sweep}`,
      '0 errors, 2 warnings.',
      '',
    ])
    expect((await told('--threshold', '3.5')).join('')).not.toContain('--close-stale')
  })

  it('commits what is pending', async () => {
    const repository = await withPending()
    const { status, stdout } = await runIn(repository.path, ['doctor', 'ops'])
    expect(status).toBe(1)
    expect(stdout).toContain('Fix what can be fixed: spec-kitty doctor ops --fix')
    const head = await repository.head()
    await runIn(repository.path, ['doctor', 'ops', '--fix', '--dry-run'])
    expect(await repository.head()).toBe(head)
    const fixed = await runIn(repository.path, ['doctor', 'ops', '--fix'])
    expect(fixed).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^fixed {2}.*\nHealthy\.\n$/),
    })
    expect((await repository.log())[0]).toMatch(/^op\(generic\): do \[/)
  })

  it('says what it could not fix', async () => {
    const repository = await withPending()
    await repository.write('.git/index.lock', '')
    const { status, stdout } = await runIn(repository.path, ['doctor', 'ops', '--fix'])
    expect(status).toBe(1)
    expect(stdout).toMatch(/^not fixed {2}/)
    expect(stdout).not.toContain('Fix what can be')
  })

  it('names Ops of other work trees, and sweeps those of removed ones', async () => {
    const { path, git } = await newRepository()
    const folder = await tempFolder()
    const [here, gone] = [join(folder, 'a b'), join(folder, 'gone')]
    for (const linked of [here, gone]) {
      await git('worktree', 'add', '--quiet', '--detach', linked)
      for (const request of ['x', 'y'])
        await openIn(linked, ['do', request, '--profile', 'p'], hoursAgo(30))
    }
    await git('worktree', 'remove', '--force', gone)
    const { stdout } = await runIn(path, ['doctor', 'ops'])
    expect(stdout).toContain(`spec-kitty doctor ops --root '${here}'\n`)
    expect(stdout).toContain('spec-kitty doctor ops --close-stale\n')
    const swept = await jsonIn(path, ['doctor', 'ops', '--close-stale'])
    const removed = { action_taken: 'closed_abandoned', work_tree: { path: gone, status: 'gone' } }
    expect(swept).toMatchObject({ status: 0, json: { swept: 2, open_ops: [removed, removed] } })
    const message = `Closed 2 Ops as abandoned; they were opened in ${gone}, and their records are in the ledger now.`
    expect(swept.json).toMatchObject({ fixed: [{ id: 'gone-work-tree', done: true, message }] })
    expect(await jsonIn(here, ['doctor', 'ops'])).toMatchObject({ json: { open_ops: [{}, {}] } })
  })

  it('repeats the flags of the run in the command that fixes', async () => {
    const repository = await newRepository()
    const id = await openIn(repository.path)
    await runIn(repository.path, ['ops', 'complete', id, '--outcome', 'done'])
    await repository.git('rm', '--quiet', `kitty-ops/${id}.jsonl`)
    await repository.commit('An index that did not know it')
    const check = ['doctor', 'ops', '--check', 'deleted-in-history']
    for (const argv of [['doctor', 'ops', '--deep'], check]) {
      const told = /Fix what can be fixed: spec-kitty (.*)\n$/.exec(
        (await runIn(repository.path, argv)).stdout,
      )
      expect(told?.[1]?.split(' ')).toEqual([...argv.slice(0, 2), '--fix', ...argv.slice(2)])
    }
    const fixed = await runIn(repository.path, [...check, '--fix'])
    expect(fixed.stdout).toMatch(/^fixed {2}.*\nNothing found by deleted-in-history\.\n$/)
  })

  it('makes only the checks that are named', async () => {
    const { path } = await newRepository()
    await openIn(path)
    const argv = ['doctor', 'ops', '--check', 'uncommitted', '--check', 'unreadable-record']
    expect(await jsonIn(path, argv)).toMatchObject({ status: 0, json: { findings: [] } })
    const { stdout } = await runIn(path, argv)
    expect(stdout).toBe('Nothing found by uncommitted, unreadable-record.\n')
  })

  it.each([
    ['a check that is none', ['--check', 'none'], 'UNKNOWN_CHECK'],
    ['a threshold that is none', ['--close-stale', '--threshold', 'day'], 'USAGE'],
    ['a threshold below nothing', ['--close-stale', '--threshold', '-1'], 'USAGE'],
    ['a threshold that is none, alone', ['--threshold', 'day'], 'USAGE'],
    ['a root that is not there', ['--root', 'none'], 'ROOT_NOT_FOUND'],
  ])('could not look with %s', async (_, argv, code) => {
    const { path } = await newRepository()
    const { status, json } = await jsonIn(path, ['doctor', 'ops', ...argv])
    expect({ status, json }).toMatchObject({ status: 2, json: { error: { code } } })
  })
})
