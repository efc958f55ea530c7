import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { listOwnRefs, removeRefs } from '../../src/inspect/remove-ledgers.js'
import { openWithLedger } from '../support/ledger.js'
import { closeOne } from '../support/store.js'

describe('the refs of this software', () => {
  it.each([
    ['loose', []],
    ['packed', ['pack-refs', '--all']],
  ])('are removed with their reflogs, %s', async (_, pack) => {
    const { path, git } = await newRepository()
    await closeOne(await openWithLedger(path))
    const [own = '', ...others] = await listOwnRefs(path)
    expect(others).toEqual([])
    await git('update-ref', '--create-reflog', `refs/kitty/remotes/origin/${own.slice(-26)}`, own)
    if (pack.length > 0) await git(...pack)
    const refs = await listOwnRefs(path)
    expect(refs).toHaveLength(2)
    await removeRefs(path, refs)
    expect(await listOwnRefs(path)).toEqual([])
    expect(existsSync(join(path, '.git', 'refs', 'kitty'))).toBe(false)
    expect(existsSync(join(path, '.git', 'logs', 'refs', 'kitty'))).toBe(false)
    expect(await git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/work')
  })

  it('are none outside git', async () => {
    const folder = await tempFolder()
    expect(await listOwnRefs(folder)).toEqual([])
    await removeRefs(folder, [])
  })
})
