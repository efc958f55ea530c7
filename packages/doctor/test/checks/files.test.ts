import { mkdir, rename, rm, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { archivedPath, recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, newStore, request } from '../support/store.js'

const checks = ['symlink', 'case-clash', 'stray-file', 'misplaced-record']

describe.skipIf(process.platform === 'win32')('a link in kitty-ops', () => {
  it.each(['ops-index.jsonl', 'archive/elsewhere', '01KTK4DFAS04MCX5GP1W2R6NEP.jsonl'])(
    'named %s is an error',
    async (name) => {
      const { repository, ops } = await newStore()
      await closedOp(ops)
      const link = join(repository.path, 'kitty-ops', name)
      await rm(link, { force: true })
      await mkdir(join(link, '..'), { recursive: true })
      await symlink(await tempFolder(), link)
      const { findings } = await doctorOps({ ops, checks: ['symlink', 'unreadable-record'] })
      expect(findings).toMatchObject([
        { id: 'symlink', severity: 'error', path: `kitty-ops/${name}`, fixable: false },
      ])
      await rm(link)
      await expectHealthy(ops)
    },
  )
})

describe('a file in kitty-ops', () => {
  it('that is unknown is reported', async () => {
    const { repository, ops } = await newStore()
    const op = await closedOp(ops)
    await repository.write('kitty-ops/notes.md', 'mine\n')
    await repository.write('kitty-ops/old/x', 'mine\n')
    await repository.write('kitty-ops/archive/readme', 'mine\n')
    await repository.write(`kitty-ops/${op.invocation_id}.jsonl.orig`, '')
    const { healthy, findings } = await doctorOps({ ops })
    expect(healthy).toBe(true)
    expect(findings.map(({ id, path }) => [id, path]).sort()).toEqual([
      ['stray-file', `kitty-ops/${op.invocation_id}.jsonl.orig`],
      ['stray-file', 'kitty-ops/archive/readme'],
      ['stray-file', 'kitty-ops/notes.md'],
      ['stray-file', 'kitty-ops/old'],
    ])
    const copy = findings.find(({ path }) => path?.endsWith('.orig'))
    expect(copy?.next).toEqual([{ verb: 'validate', path: copy?.path }])
    await expectHealthy(ops)
  })

  it('that is a record except for its case is a warning', async () => {
    const { repository, ops } = await newStore()
    const op = await closedOp(ops)
    const small = op.path.toLowerCase()
    await repository.git('mv', op.path, small)
    const { findings } = await doctorOps({ ops, checks })
    expect(findings).toMatchObject([
      {
        id: 'case-clash',
        severity: 'warning',
        path: small,
        next: [{ verb: 'git-move', path: small, to: op.path }],
      },
      { id: 'stray-file' },
    ])
    await repository.git('mv', small, op.path)
    await expectHealthy(ops)
  })

  it('in small letters that git does not have is to be renamed by hand: git cannot move it', async () => {
    const { repository, ops } = await newStore()
    const { path } = await ops.start(request)
    const small = path.toLowerCase()
    await rename(join(repository.path, path), join(repository.path, small))
    const { findings } = await doctorOps({ ops, checks: ['case-clash'] })
    expect(findings).toMatchObject([{ path: small, next: [] }])
    expect(findings[0]?.message).toContain(`Rename it to ${basename(path)}.`)
  })

  it('of which git has two that differ in case is a warning', async () => {
    const { repository, ops } = await newStore()
    const op = await closedOp(ops)
    const blob = await repository.git('rev-parse', `HEAD:${op.path}`)
    const small = op.path.toLowerCase()
    const entry = `100644,${blob},${small}`
    await repository.git('update-index', '--add', '--cacheinfo', entry)
    const { findings } = await doctorOps({ ops, checks })
    expect(findings).toMatchObject([{ id: 'case-clash', severity: 'warning', path: op.path }])
    expect(findings[0]?.message).toContain(small)
    expect(findings[0]?.next).toEqual([{ verb: 'git-untrack', path: small }])
    await repository.git('update-index', '--force-remove', small)
    await expectHealthy(ops)
  })
})

describe('an archived record', () => {
  it('in the wrong month is a warning that says where it belongs', async () => {
    const { repository, ops } = await newStore()
    const op = await closedOp(ops)
    const wrong = `kitty-ops/archive/2001-01/${op.invocation_id}.jsonl`
    await mkdir(join(repository.path, 'kitty-ops/archive/2001-01'), { recursive: true })
    await repository.git('mv', op.path, wrong)
    const { findings } = await doctorOps({ ops, checks })
    expect(findings).toMatchObject([{ id: 'misplaced-record', severity: 'warning', path: wrong }])
    expect(findings[0]?.next).toEqual([{ verb: 'git-move', path: wrong, to: op.path }])
    await repository.git('mv', wrong, op.path)
    await expectHealthy(ops)
  })

  it('that is committed in the wrong month counts as committed, and the steps lead out', async () => {
    const { repository, ops } = await newStore()
    const { path, invocation_id: id } = await closedOp(ops)
    const wrong = `kitty-ops/archive/2001-01/${id}.jsonl`
    await mkdir(join(repository.path, 'kitty-ops/archive/2001-01'), { recursive: true })
    await repository.git('mv', path, wrong)
    await repository.commit('Moved')
    const { findings } = await doctorOps({ ops })
    expect(findings).toMatchObject([
      {
        id: 'misplaced-record',
        next: [
          { verb: 'git-move', path: wrong, to: path },
          { verb: 'git-commit', path: wrong, to: path },
        ],
      },
    ])
    await repository.git('mv', '--', wrong, path)
    await repository.git('commit', '--quiet', '-m', 'Moved back', '--', wrong, path)
    expect(await repository.statusPorcelain()).toEqual([])
    await expectHealthy(ops)
  })

  it.each([
    ['warning', ''],
    ['error', '\n'],
  ])('beside its hot one is a %s', async (severity, more) => {
    const { repository, ops } = await newStore()
    const { invocation_id: id, path } = await closedOp(ops)
    await repository.write(archivedPath(id), `${await repository.read(path)}${more}`)
    const { findings } = await doctorOps({ ops, checks })
    expect(findings).toMatchObject([
      { id: 'misplaced-record', severity, invocation_id: id, path: archivedPath(id) },
    ])
    expect(findings[0]?.message).toContain(recordPath(id))
    await rm(join(repository.path, archivedPath(id)))
    await expectHealthy(ops)
  })
})
