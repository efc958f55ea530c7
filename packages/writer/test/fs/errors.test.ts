import { KittyError } from '@kitty/record'
import { describe, expect, it } from 'vitest'
import { hasCode, linkRefused, readError, writeError } from '../../src/fs/errors.js'

const system = (code: string): Error => Object.assign(new Error(`${code}: words`), { code })

describe('a system error', () => {
  it.each([
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['EACCES', 'NOT_WRITABLE'],
    ['EPERM', 'NOT_WRITABLE'],
    ['EROFS', 'NOT_WRITABLE'],
    ['ELOOP', 'SYMLINK_REFUSED'],
    ['EEXIST', 'ALREADY_EXISTS'],
    ['ENOENT', 'NOT_FOUND'],
    ['EIO', 'WRITE_FAILED'],
  ])('%s becomes %s for a writer, with the cause kept', (errno, code) => {
    const cause = system(errno)
    const error = writeError(cause, '/some/file')
    expect(error).toMatchObject({ code, cause })
    expect(error.message).toContain('/some/file')
    expect(error.hint).not.toBe('')
  })

  it.each([
    ['EACCES', 'NOT_READABLE'],
    ['EPERM', 'NOT_READABLE'],
    ['ELOOP', 'SYMLINK_REFUSED'],
    ['EIO', 'READ_FAILED'],
  ])('%s becomes %s for a reader', (errno, code) => {
    expect(readError(system(errno), '/some/file').code).toBe(code)
  })

  it("quotes the system's message if its code is unknown", () => {
    expect(writeError(system('EIO'), '/f').hint).toContain('EIO: words')
    expect(readError('odd', '/f').hint).toContain('odd')
  })
})

it('a `KittyError` is returned unchanged', () => {
  const error = linkRefused('/f')
  expect(writeError(error, '/g')).toBe(error)
  expect(hasCode(error, 'SYMLINK_REFUSED')).toBe(true)
  expect(hasCode(new KittyError('READ_FAILED', ''), 'SYMLINK_REFUSED')).toBe(false)
  expect(hasCode(system('SYMLINK_REFUSED'), 'SYMLINK_REFUSED')).toBe(false)
})
