import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  isGitOlder,
  newRepository,
  type Repository,
  repositoryAt,
  tempFolder,
} from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { jsonIn, openIn } from '../support/in-process.js'
import { ledgerRef } from '../support/ledger.js'

const settings = ({ write }: Repository, ops: string) =>
  write('.kittify/config.yaml', `ops: ${ops}\n`)

const closed = async (cwd: string) => {
  const id = await openIn(cwd)
  return (await jsonIn(cwd, ['ops', 'complete', id, '--outcome', 'done'])).json
}

describe('where every work tree has a detached HEAD', () => {
  it('ops.detached decides; meanwhile the Op is kept, and the doctor commits it later', async () => {
    const main = await newRepository()
    await main.git('checkout', '--quiet', '--detach')
    const linked = join(await tempFolder(), 'linked')
    await main.git('worktree', 'add', '--quiet', '--detach', linked)
    const tree = repositoryAt(linked)
    expect(await closed(linked)).toMatchObject({
      commit: {
        status: 'deferred',
        reason: 'detached-head',
        hint: expect.stringContaining('set ops.detached to commit'),
        ledger: { status: 'committed' },
      },
    })
    await settings(tree, '{detached: commit}')
    const tip = await tree.head()
    expect(await closed(linked)).toMatchObject({ commit: { status: 'committed' } })
    // What was closed under other settings is committed only if a person asks for it.
    const { json: fixed } = await jsonIn(linked, ['doctor', 'ops', '--fix'])
    expect(fixed).toMatchObject({ healthy: true, fixed: [{ id: 'uncommitted', done: true }] })
    expect(await tree.git('rev-list', '--count', `${tip}..HEAD`)).toBe('2')
    expect(await tree.git('symbolic-ref', '-q', 'HEAD').catch(() => 'detached')).toBe('detached')
    // The next checkout takes the records off the disk; they are still known.
    await tree.git('checkout', '--quiet', '--detach', tip)
    const { json } = await jsonIn(linked, ['ops', 'list', '--all'])
    expect(json).toMatchObject({ ops: [{ in: ['ledger'] }, { in: ['ledger'] }] })
  })
})

const hasSshKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined

/** A repository in which the user signs every commit with an SSH key. */
const signing = async (): Promise<Repository> => {
  const repository = await newRepository()
  const folder = await tempFolder()
  const key = join(folder, 'key')
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
  const { git } = repository
  const email = await git('config', 'user.email')
  const allowed = join(folder, 'allowed')
  const options = { 'gpg.format': 'ssh', 'user.signingKey': `${key}.pub`, 'commit.gpgSign': 'true' }
  for (const [name, value] of Object.entries(options)) await git('config', name, value)
  await git('config', 'gpg.ssh.allowedSignersFile', allowed)
  const { stdout } = spawnSync('ssh-keygen', ['-y', '-f', key], { encoding: 'utf8' })
  await writeFile(allowed, `${email.trim()} ${stdout}`)
  return repository
}

// An older git cannot sign with SSH keys.
describe.skipIf(!hasSshKeygen || isGitOlder('2.34'))('where the user signs every commit', () => {
  it.each([
    ['never', 'N', 'N'],
    ['auto', 'G', 'N'],
    ['always', 'G', 'G'],
  ])('ops.sign: %s', async (sign, onBranch, inLedger) => {
    const repository = await signing()
    await settings(repository, `{sign: ${sign}}`)
    expect(await closed(repository.path)).toMatchObject({
      commit: { status: 'committed', ledger: { status: 'committed' } },
    })
    const signature = (ref: string) => repository.git('log', '-1', '--format=%G?', ref)
    expect(await signature('HEAD')).toBe(onBranch)
    expect(await signature(await ledgerRef(repository))).toBe(inLedger)
  })

  it('a key that is gone: the Op is closed and kept, and the hint names the setting', async () => {
    const repository = await signing()
    await repository.git('config', 'user.signingKey', join(repository.path, 'no-key'))
    await settings(repository, '{sign: auto}')
    expect(await closed(repository.path)).toMatchObject({
      commit: {
        status: 'failed',
        code: 'SIGNING_FAILED',
        hint: expect.stringContaining('ops.sign'),
        ledger: { status: 'committed' },
      },
    })
    await settings(repository, '{sign: never}')
    expect(await closed(repository.path)).toMatchObject({ commit: { status: 'committed' } })
  })
})
