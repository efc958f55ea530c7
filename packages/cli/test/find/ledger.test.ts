import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { jsonIn, openIn, runIn } from '../support/in-process.js'
import { ledgerPaths, ledgerRef, ledgerTip } from '../support/ledger.js'

const DONE = ['--outcome', 'done']

const configured = async (ops: string): Promise<Repository> =>
  newRepository({ files: { '.kittify/config.yaml': `ops: {${ops}}\n` } })

/** Opens and closes an Op. */
const closeIn = async ({ path }: Repository, ...flags: string[]) =>
  jsonIn(path, ['ops', 'complete', await openIn(path), ...DONE, ...flags])

const closeText = async ({ path }: Repository) =>
  runIn(path, ['ops', 'complete', await openIn(path), ...DONE])

const refsIn = ({ git }: Repository) => git('for-each-ref', 'refs/kitty/')

describe('the ledger beside the branch', () => {
  it('gets every closed Op, and the text says nothing more than the commit', async () => {
    const repository = await newRepository()
    const { stdout, stderr } = await closeText(repository)
    const [sha, subject] = (await repository.log('%H  %s'))[0]?.split('  ') ?? []
    expect(stdout.split('\n').at(-2)).toBe(`Commit  committed as ${sha?.slice(0, 10)}  ${subject}`)
    expect(stderr).toBe('')
    const [, id] = /Closed {2}(\w{26})/.exec(stdout) ?? []
    expect(await ledgerPaths(repository)).toEqual([expect.stringContaining(`/${id}.jsonl`)])
  })

  it('keeps what the branch refuses: nothing is lost, and it is not tried again', async () => {
    const repository = await newRepository({
      branch: 'main',
      files: { '.kittify/config.yaml': 'ops: {commit: safe}\n' },
    })
    const { json, status } = await closeIn(repository)
    expect(status).toBe(0)
    expect(json).toMatchObject({
      commit: { status: 'refused', code: 'PROTECTED_BRANCH', ledger: { status: 'committed' } },
    })
    const { stdout, stderr } = await closeText(repository)
    expect(stdout).toContain('Commit  not committed, kept in the ledger\n')
    expect(stderr).toContain(
      'warning: The Op is closed and kept in the ledger, but its commit was refused (PROTECTED_BRANCH): ',
    )
    expect(await ledgerPaths(repository)).toHaveLength(2)
    await repository.git('switch', '--quiet', '--create', 'feature')
    expect((await closeIn(repository)).json).toMatchObject({ commit: { status: 'committed' } })
    expect(await repository.log()).toHaveLength(2)
  })

  it('keeps what the branch defers, and the next Op commits it to the branch', async () => {
    const repository = await newRepository()
    await repository.git('checkout', '--quiet', '--detach')
    const { stdout, stderr } = await closeText(repository)
    expect(stdout).toContain('Commit  not committed yet, kept in the ledger\n')
    expect(stderr).toContain(
      'warning: The Op is closed and kept in the ledger, but not committed yet (detached-head): ',
    )
    await repository.git('checkout', '--quiet', 'work')
    await closeIn(repository)
    expect(await repository.log()).toHaveLength(3)
    expect(await ledgerPaths(repository)).toHaveLength(2)
  })

  it('that cannot take an Op is a warning with the reason; the branch has it', async () => {
    const repository = await newRepository()
    await closeIn(repository)
    await repository.git('update-ref', '-d', await ledgerRef(repository))
    const { json, status } = await closeIn(repository, '--require-commit')
    expect(status).toBe(0)
    const ledger = {
      status: 'deferred',
      reason: 'ledger-rewound',
      hint: 'Find out why, and decide: spec-kitty doctor ops --check ledger-rewound',
    }
    expect(json).toMatchObject({ commit: { status: 'committed', ledger } })
    const { stdout, stderr } = await closeText(repository)
    expect(stdout).toContain('Commit  committed as ')
    expect(stderr).toContain(
      'warning: The Op is committed, but not in the ledger yet (ledger-rewound): ',
    )
    expect(await refsIn(repository)).toBe('')
  })

  it('is not what --require-commit requires', async () => {
    const repository = await newRepository()
    await repository.git('checkout', '--quiet', '--detach')
    const { json, status } = await closeIn(repository, '--require-commit')
    expect(status).toBe(1)
    expect(json).toMatchObject({ commit: { status: 'deferred', ledger: { status: 'committed' } } })
  })

  it('is in the answer of an Op that was already closed, and of a command under an Op', async () => {
    const repository = await newRepository()
    const id = await openIn(repository.path)
    const close = (outcome: string) =>
      jsonIn(repository.path, ['ops', 'complete', id, '--outcome', outcome])
    await close('done')
    const ledger = { status: 'committed' }
    expect((await close('done')).json).toMatchObject({ already: true, commit: { ledger } })
    expect((await close('failed')).json).toMatchObject({
      error: { code: 'ALREADY_CLOSED' },
      commit: { ledger },
    })
    const program = ['--', process.execPath, '-e', '0']
    const ran = await jsonIn(repository.path, ['do', 'x', ...program])
    expect(ran.json).toMatchObject({ commit: { status: 'committed', ledger } })
  })

  it('leaves out evidence above the limit, with a note', async () => {
    const repository = await configured('ledger_evidence_limit: 1 KiB')
    await repository.write('small.txt', 'x'.repeat(1024))
    await repository.write('large.txt', 'x'.repeat(1025))
    await closeIn(repository, '--evidence', 'small.txt')
    expect(await ledgerPaths(repository)).toHaveLength(2)
    const { json } = await closeIn(repository, '--evidence', 'large.txt')
    expect(await ledgerPaths(repository)).toHaveLength(3)
    expect(json).toHaveProperty('commit.notes', [
      expect.stringMatching(/large\.txt is not in the ledger: /),
    ])
  })

  it('is off if the settings say so, with commit: none, and outside git', async () => {
    const off = await configured('ledger: false')
    expect((await closeIn(off)).json).not.toHaveProperty('commit.ledger')
    expect(await refsIn(off)).toBe('')
    const none = await configured('commit: none')
    expect((await closeIn(none)).json).toMatchObject({
      commit: { status: 'skipped', reason: 'disabled' },
    })
    expect(await refsIn(none)).toBe('')
    const path = await tempFolder()
    const { json } = await jsonIn(path, ['ops', 'complete', await openIn(path), ...DONE])
    expect(json).toMatchObject({ commit: { status: 'skipped', reason: 'no-repository' } })
    expect(json).not.toHaveProperty('commit.ledger')
  })

  it('is signed with sign: always, and not with auto', async () => {
    const signed = await configured('sign: always')
    await signed.git('config', 'gpg.program', 'no-such-program')
    expect((await closeIn(signed)).json).toMatchObject({
      commit: {
        status: 'failed',
        code: 'SIGNING_FAILED',
        ledger: { status: 'failed', reason: 'signing-failed' },
      },
    })
    const auto = await configured('sign: auto')
    await auto.git('config', 'gpg.program', 'no-such-program')
    await auto.git('config', 'commit.gpgSign', 'true')
    expect((await closeIn(auto)).json).toMatchObject({
      commit: { status: 'failed', ledger: { status: 'committed' } },
    })
  })
})

describe('the ledger alone', () => {
  it('gets the Op; no branch moves, also on a detached HEAD, and --require-commit means the ledger', async () => {
    const repository = await configured('commit: ledger')
    await repository.git('checkout', '--quiet', '--detach')
    const head = await repository.head()
    const { json, status } = await closeIn(repository, '--require-commit')
    const sha = await ledgerTip(repository)
    expect({ json, status }).toMatchObject({
      status: 0,
      json: { commit: { status: 'committed', sha } },
    })
    expect(json).not.toHaveProperty('commit.ledger')
    expect(await repository.head()).toBe(head)
    const { stdout } = await closeText(repository)
    const tip = (await ledgerTip(repository)).slice(0, 10)
    expect(stdout.split('\n').at(-2)).toBe(`Commit  added to the ledger as ${tip}`)
    expect(await repository.statusPorcelain()).toEqual([])
  })

  it('that was moved back defers the Op, and --require-commit fails', async () => {
    const repository = await configured('commit: ledger')
    await closeIn(repository)
    await repository.git('update-ref', '-d', await ledgerRef(repository))
    const { json, status } = await closeIn(repository, '--require-commit')
    expect({ json, status }).toMatchObject({
      status: 1,
      json: { commit: { status: 'deferred', reason: 'ledger-rewound' } },
    })
    const { stdout, stderr } = await closeText(repository)
    expect(stdout).toContain('Commit  not in the ledger yet\n')
    expect(stderr).toContain('The Op is closed, but not in the ledger yet (ledger-rewound): ')
  })
})
