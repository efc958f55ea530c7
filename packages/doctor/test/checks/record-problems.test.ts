import { newOpId } from '@kitty/record'
import {
  byteOrderMark,
  closedRecordText,
  conflictMarkers,
  crlf,
  openRecordText,
} from '@kitty/test-kit'
import { recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, newStore, request } from '../support/store.js'

/** A store in which one committed record was replaced; gives the findings about it. */
const afterDamage = async (damage: (text: string, id: string) => string) => {
  const { repository, ops } = await newStore()
  const op = await closedOp(ops)
  const text = await repository.read(op.path)
  await repository.write(op.path, damage(text, op.invocation_id))
  const { findings } = await doctorOps({ ops, fix: true })
  const restore = async () => {
    await repository.git('checkout', '--quiet', 'HEAD', '--', op.path)
    await expectHealthy(ops)
  }
  return { findings: findings.filter(({ id }) => id !== 'changed-after-close'), op, restore }
}

const linesOf = (text: string): readonly [string, string] => {
  const [first = '', last = ''] = text.split('\n')
  return [first, last]
}

describe('a record', () => {
  it('with a merge conflict in it says how to keep one side', async () => {
    const { findings, op, restore } = await afterDamage(conflictMarkers)
    expect(findings).toMatchObject([
      { id: 'conflict-markers', severity: 'error', path: op.path, fixable: false },
      { id: 'second-completion', severity: 'error' },
    ])
    expect(findings[0]?.next).toEqual([{ verb: 'git-checkout', path: op.path }])
    await restore()
  })

  it('in the middle of a merge says that either side can be kept', async () => {
    const { repository, ops } = await newStore()
    const { path } = await closedOp(ops)
    const bytes = await repository.read(path)
    for (const [branch, outcome] of [
      ['theirs', 'failed'],
      ['work', 'abandoned'],
    ] as const) {
      if (branch === 'theirs') await repository.git('checkout', '--quiet', '-b', branch)
      else await repository.git('checkout', '--quiet', branch)
      await repository.write(path, bytes.replace('"done"', `"${outcome}"`))
      await repository.commit(`Changed to ${outcome}`)
    }
    await repository.tryGit('merge', 'theirs')
    const { findings } = await doctorOps({ ops, checks: ['conflict-markers'] })
    expect(findings[0]?.next).toEqual([
      { verb: 'git-checkout-ours', path },
      { verb: 'git-checkout-theirs', path },
      { verb: 'git-add', path },
    ])
    await repository.git('checkout', '--theirs', '--', path)
    await repository.git('add', '--', path)
    expect((await doctorOps({ ops, checks: ['conflict-markers'] })).findings).toEqual([])
  })

  it('that HEAD has with the conflict is restored from an earlier version', async () => {
    const { repository, ops } = await newStore()
    const { path } = await closedOp(ops)
    await repository.write(path, conflictMarkers(await repository.read(path)))
    await repository.commit('The conflict, too')
    const { findings } = await doctorOps({ ops, checks: ['conflict-markers'] })
    expect(findings).toMatchObject([{ path, next: [{ verb: 'git-log', path }] }])
    expect(findings[0]?.message).toContain('restore the version before it')
  })

  it('that is unreadable and not in HEAD is not to be checked out from there', async () => {
    const { repository, ops } = await newStore()
    const { path } = await ops.start(request)
    await repository.write(path, 'no\nrecord\n')
    const { findings } = await doctorOps({ ops, checks: ['unreadable-record'] })
    expect(findings[0]?.next).toEqual([
      { verb: 'git-log', path },
      { verb: 'validate', path },
    ])
  })

  it('about another Op says that its events do not count', async () => {
    const { findings, op, restore } = await afterDamage((text, id) =>
      text.replaceAll(id, newOpId()),
    )
    expect(findings).toMatchObject([{ id: 'wrong-id', severity: 'error', path: op.path }])
    expect(findings[0]?.message).toContain('do not count')
    expect(findings[0]?.next).toEqual([{ verb: 'git-log', path: op.path }])
    await restore()
  })

  it('that was closed twice says which close stands', async () => {
    const { findings, op, restore } = await afterDamage(
      (text) => `${text}${linesOf(text)[1].replace('"done"', '"failed"')}\n`,
    )
    expect(findings).toMatchObject([{ id: 'second-completion', severity: 'error' }])
    expect(findings[0]?.message).toContain('with the outcome "done"')
    expect(findings[0]?.next).toEqual([{ verb: 'git-log', path: op.path }])
    await restore()
  })

  it('without a start says that it cannot be closed', async () => {
    const { findings, op, restore } = await afterDamage((text) => `${linesOf(text)[1]}\n`)
    expect(findings).toMatchObject([{ id: 'start-line', severity: 'error', path: op.path }])
    expect(findings[0]?.next).toContainEqual({ verb: 'git-checkout', path: op.path })
    await restore()
  })

  it('that holds only unknown events has no start either, and cannot be closed', async () => {
    const { findings, restore } = await afterDamage(() => '{"event":"remark"}\n')
    expect(findings).toMatchObject([{ id: 'start-line', severity: 'error' }])
    expect(findings[0]?.message).toContain('cannot be closed')
    await restore()
  })

  it('that was closed before it started is an error', async () => {
    const { findings, restore } = await afterDamage((text) => {
      const [first, last] = linesOf(text)
      return `${last}\n${first}\n`
    })
    expect(findings).toMatchObject([{ id: 'start-line', severity: 'error' }])
    expect(findings[0]?.message).toContain('completed comes before started')
    await restore()
  })

  it('that starts after something else, open as it is, is only unusual', async () => {
    const { repository, ops } = await newStore()
    const id = newOpId()
    await repository.write(recordPath(id), `{"event":"remark"}\n${openRecordText({ id })}`)
    const { findings } = await doctorOps({ ops, checks: ['start-line'] })
    expect(findings).toMatchObject([{ severity: 'info', invocation_id: id }])
    expect(findings[0]?.next).toContainEqual({ verb: 'close', id })
  })

  it.each([
    ['a byte-order mark', byteOrderMark],
    ['Windows line endings', crlf],
    ['no final line end', (text: string) => text.slice(0, -1)],
  ])('with %s is unusual, and healthy', async (_, oddity) => {
    const { repository, ops } = await newStore()
    const id = newOpId()
    await repository.write(recordPath(id), oddity(closedRecordText({ id })))
    await doctorOps({ ops, fix: true })
    const { healthy, findings } = await doctorOps({ ops })
    expect(healthy).toBe(true)
    expect(findings).toMatchObject([{ id: 'odd-record', severity: 'info', invocation_id: id }])
    await expectHealthy(ops)
  })
})
