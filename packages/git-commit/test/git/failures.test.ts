import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { KittyError } from '@kitty/record'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { failureFromError, failureFromGit, failureMessage, repeat } from '../../src/git/failures.js'
import { ok, stop, stopOnError } from '../../src/git/result.js'

const LATER = 'Try again later; a pending Op is retried when the next Op is closed.'
const FULL = 'Free some space; the Op is retried when the next Op is closed.'
const NOT_WRITABLE = 'Make the git directory writable for this user.'
const NESTED =
  'Take the submodule, or the file at the path of the folder, out of git: git rm --cached'
const UNSAFE =
  "If you trust this folder, add it to git's safe.directory setting, as git's message explains."
const IDENTITY = 'Set user.name and user.email with git config.'
const MISSING = 'Fetch the missing objects: git fetch --refetch --no-filter'

const gitSaid = (stderr: string, exitCode = 128) =>
  failureFromGit({ ok: false, exitCode, stdout: Buffer.of(), stderr })

describe('what git says', () => {
  it.each([
    ['fatal: write error: No space left on device', 'DISK_FULL', FULL],
    ["fatal: sha1 file 'copy.lock' write error. Out of diskspace", 'DISK_FULL', FULL],
    ['error: file write error: disk quota exceeded', 'DISK_FULL', FULL],
    ['error: open("a"): Permission denied', 'NOT_WRITABLE', NOT_WRITABLE],
    ['fatal: cannot create: Read-only file system', 'NOT_WRITABLE', NOT_WRITABLE],
    ['error: insufficient permission for adding an object', 'NOT_WRITABLE', NOT_WRITABLE],
    ["error: 'a' appears as both a file and as a directory", 'NESTED_REPOSITORY', NESTED],
    ["fatal: Pathspec 'a/b' is in submodule 'a'", 'NESTED_REPOSITORY', NESTED],
    ['fatal: detected dubious ownership in repository', 'UNSAFE_DIRECTORY', UNSAFE],
    ['fatal: git config --add safe.directory /x', 'UNSAFE_DIRECTORY', UNSAFE],
    // Causes come before symptoms.
    ["Unable to create '.git/index.lock': No space left on device", 'DISK_FULL', FULL],
    ["Unable to create '.git/index.lock': Permission denied", 'NOT_WRITABLE', NOT_WRITABLE],
  ])('%j is the failure %s', (message, code, hint) => {
    expect(gitSaid(message)).toEqual({ status: 'failed', code, message, exit_code: 128, hint })
  })

  it.each([
    ['*** Please tell me who you are.'],
    ['fatal: empty ident name (for <x>) not allowed'],
    ["fatal: unable to auto-detect email address (got 'x')"],
    ['fatal: no name was given and auto-detection is disabled'],
    ['fatal: no email was given and auto-detection is disabled'],
    ['fatal: name consists only of disallowed characters: .'],
  ])('%j is a missing identity, said in one line', (stderr) => {
    expect(gitSaid(stderr)).toEqual({
      status: 'failed',
      code: 'NO_IDENTITY',
      message: 'git does not know who is committing: the name or email address is missing.',
      exit_code: 128,
      hint: IDENTITY,
    })
  })

  it.each([
    ["fatal: Unable to create '/x/.git/index.lock': File exists.", 'index-locked', LATER],
    ["error: Unable to create '/x/refs/heads/a.lock': File exists.", 'ref-locked', LATER],
    ["fatal: cannot lock ref 'HEAD': is at 0a1b but expected 2c3d", 'ref-locked', LATER],
    ['fatal: cannot lock references', 'ref-locked', LATER],
    ['error: a.jsonl: does not exist and --remove not passed', 'record-changed', LATER],
    ['fatal: could not fetch 0a1b from promisor remote', 'objects-missing', MISSING],
    ["fatal: transport 'https' not allowed", 'objects-missing', MISSING],
    ['fatal: unable to read tree 0a1b', 'objects-missing', MISSING],
    ['error: invalid object: Missing blob 0a1b', 'objects-missing', MISSING],
    ['error: missing tree 0a1b', 'objects-missing', MISSING],
    ['index.lock: File exists', 'index-locked', LATER],
    ['a.lock: File exists', 'ref-locked', LATER],
  ])('%j defers the commit: %s', (message, reason, hint) => {
    expect(gitSaid(message)).toEqual({ status: 'deferred', reason, message, hint })
  })

  it.each([
    ['something else', 1, 'GIT_FAILED', 'something else'],
    ['', 3, 'GIT_FAILED', 'git exited with status 3.'],
    ['', -1, 'GIT_TIMED_OUT', 'git timed out, or was killed by a signal.'],
    ['indexXlock: File exists, is at but expected', 1, 'GIT_FAILED', undefined],
    ['safeXdirectory', 1, 'GIT_FAILED', undefined],
  ])('%j with status %s is %s', (stderr, exit_code, code, message = stderr) => {
    expect(gitSaid(stderr, exit_code)).toEqual({ status: 'failed', code, message, exit_code })
  })
})

describe('an error', () => {
  it('of this software keeps its code, message and hint', () => {
    const error = new KittyError('GIT_FAILED', 'Odd.', { hint: 'Do.' })
    const result = { status: 'failed', code: 'GIT_FAILED', message: 'Odd.', hint: 'Do.' }
    expect(failureFromError(error)).toEqual(result)
    expect(stopOnError(error)).toEqual({ ok: false, result })
  })

  it('of the system is known by its words', () => {
    expect(failureFromError(new Error('ENOSPC: no space'))).toEqual({
      status: 'failed',
      code: 'DISK_FULL',
      message: 'Error: ENOSPC: no space',
      hint: FULL,
    })
    expect(failureFromError('EDQUOT')).toMatchObject({ code: 'DISK_FULL' })
  })

  it('of a call to the system names the path, and what the system said', async () => {
    const [file, folder] = [await tempFolder(), await tempFolder()]
    const error: unknown = await rename(file, join(folder, 'not', 'there')).catch((e) => e)
    expect(failureFromError(error)).toMatchObject({
      status: 'failed',
      code: 'NOT_FOUND',
      message: `No such file or folder: ${file}`,
      hint: expect.stringContaining('Check whether'),
    })
  })

  it('of another kind is not known, and never defers', () => {
    for (const words of ['odd', "'a.lock': File exists"]) {
      const result = { status: 'failed', code: 'COMMIT_FAILED', message: words }
      expect(failureFromError(words)).toEqual(result)
    }
  })
})

describe('a result', () => {
  it('has a message, or is known by its status', () => {
    expect(failureMessage({ status: 'skipped', reason: 'disabled' })).toBe('skipped')
    expect(failureMessage({ status: 'committed', sha: 'a' })).toBe('committed')
    expect(failureMessage(gitSaid('odd'))).toBe('odd')
  })

  it('can be that of several requests', () => {
    const result = gitSaid('odd')
    expect(repeat(2, result)).toEqual([result, result])
    expect(repeat(0, result)).toEqual([])
  })

  it('is a value, or ends the step', () => {
    expect(ok(7)).toEqual({ ok: true, value: 7 })
    expect(stop('r')).toEqual({ ok: false, result: 'r' })
  })
})
