import { linkSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { KittyError } from '@kitty/record'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import {
  errnoOf,
  explainSystemError,
  hasCode,
  ignoreErrno,
  ignoreErrnoAsync,
  isUnsupported,
  linkRefused,
  readError,
  writeError,
} from '../../src/fs/errors.js'

const system = (code: string): Error => Object.assign(new Error(`${code}: words`), { code })

describe('a system error', () => {
  it.each([
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['EACCES', 'NOT_WRITABLE'],
    ['EPERM', 'NOT_WRITABLE'],
    ['EROFS', 'NOT_WRITABLE'],
    ['ELOOP', 'SYMLINK_REFUSED'],
    ['EMLINK', 'SYMLINK_REFUSED'],
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
    ['EMLINK', 'SYMLINK_REFUSED'],
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

it('each error says what happened, to which file, and what to do', () => {
  const said = (error: KittyError) => [error.message, error.hint]
  const written = (code: string) => said(writeError(system(code), '/f'))
  const checked = 'Check who owns the file and its folder'
  expect(written('ENOSPC')).toEqual([
    'No space left to write /f',
    'Free some space, then try again.',
  ])
  expect(written('EACCES')).toEqual([
    'No permission to write /f',
    `${checked}, and whether the disk is mounted read-only.`,
  ])
  expect(written('EEXIST')).toEqual([
    'Already exists: /f',
    'Move it elsewhere, then try again. It was left unchanged.',
  ])
  expect(written('ENOENT')).toEqual([
    'No such file or folder: /f',
    'Check whether it was moved or deleted in the meantime.',
  ])
  expect(written('EIO')).toEqual(['Could not write /f', 'The system reported: EIO: words'])
  const read = (code: string) => said(readError(system(code), '/f'))
  expect(read('EACCES')).toEqual(['No permission to read /f', `${checked}.`])
  expect(read('EIO')).toEqual(['Could not read /f', 'The system reported: EIO: words'])
  expect(said(linkRefused('/f'))).toEqual([
    'Refused to follow a symbolic link: /f',
    'Replace it with a real file or folder: records and their folders cannot be symbolic links.',
  ])
  expect(linkRefused('/f').cause).toMatchObject({ message: 'symbolic link' })
})

it('only errors of the system have a code', () => {
  expect(errnoOf(system('EIO'))).toBe('EIO')
  const others = [Object.assign(new Error('x'), { code: 7 }), new Error('x'), { code: 'EIO' }, null]
  expect(others.map(errnoOf)).toEqual([undefined, undefined, undefined, undefined])
})

it('a call that the file system does not know is recognized', () => {
  const known = ['EINVAL', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].map(system)
  expect(known.map(isUnsupported)).toEqual([true, true, true, true])
  expect([system('EIO'), system(''), new Error('x'), 'EINVAL'].some(isUnsupported)).toBe(false)
})

it('one code is ignored, and every other error is thrown again', async () => {
  const fail = (code: string) => () => {
    throw system(code)
  }
  expect(ignoreErrno('ENOENT', () => {})).toBe(true)
  expect(ignoreErrno('ENOENT', fail('ENOENT'))).toBe(false)
  expect(() => ignoreErrno('ENOENT', fail('EIO'))).toThrow('EIO: words')
  expect(await ignoreErrnoAsync('ENOENT', Promise.resolve(7))).toBe(true)
  expect(await ignoreErrnoAsync('ENOENT', Promise.reject(system('ENOENT')))).toBe(false)
  await expect(ignoreErrnoAsync('ENOENT', Promise.reject(system('EIO')))).rejects.toThrow('EIO: w')
})

describe('an error that nobody has explained', () => {
  const thrownBy = (fn: () => unknown): unknown => {
    try {
      return fn()
    } catch (error) {
      return error
    }
  }

  it('of a file system call gets a code, and names the file', async () => {
    const folder = await tempFolder()
    const gone = join(folder, 'gone')
    const code = (fn: () => unknown): unknown => explainSystemError(thrownBy(fn))
    expect(code(() => readFileSync(gone))).toMatchObject({ code: 'NOT_FOUND' })
    expect(code(() => readFileSync(folder))).toMatchObject({ code: 'READ_FAILED' })
    expect(code(() => mkdirSync(folder))).toMatchObject({ code: 'ALREADY_EXISTS' })
    expect(code(() => linkSync(gone, folder))).toMatchObject({
      code: expect.stringMatching(/NOT_FOUND|ALREADY_EXISTS/),
      message: expect.stringContaining(gone),
    })
  })

  it('of a disk that fails is that of a write or of a read', () => {
    const failed = (syscall: string, code: string): unknown =>
      explainSystemError(Object.assign(new Error(`${code}: words`), { code, syscall }))
    const synced = { code: 'WRITE_FAILED', message: expect.stringContaining('a file') }
    expect(failed('fsync', 'EIO')).toMatchObject(synced)
    expect(failed('read', 'EIO')).toMatchObject({ code: 'READ_FAILED' })
    expect(failed('open', 'ENOSPC')).toMatchObject({ code: 'DISK_FULL' })
    expect(failed('scandir', 'EACCES')).toMatchObject({ code: 'NOT_READABLE' })
    expect(failed('mkdir', 'EACCES')).toMatchObject({ code: 'NOT_WRITABLE' })
  })

  it('of anything else stays as it is', () => {
    const bug = new TypeError('x is not a function')
    const git = Object.assign(new Error('spawn git ENOENT'), {
      code: 'ENOENT',
      syscall: 'spawn git',
    })
    const coded = Object.assign(new Error('words'), { code: 'ENOENT' })
    const called = Object.assign(new Error('words'), { syscall: 'open' })
    const plain = { code: 'ENOENT', syscall: 'open' }
    for (const error of [bug, git, coded, called, plain, 'text', undefined]) {
      expect(explainSystemError(error)).toBe(error)
    }
  })
})
