import { newOpId, type SyncReason } from '@kitty/record'
import { describe, expect, it } from 'vitest'
import { isFinal, networkError, troubleIn, wordsOf } from '../../src/sync/network-failure.js'
import {
  brokenOff,
  damaged,
  noLedger,
  notHere,
  older,
  rewritten,
} from '../../src/sync/skipped-fetch.js'
import { skippedPush } from '../../src/sync/skipped-push.js'

const said = (stderr: string) => ({ ok: false, exitCode: 128, stdout: Buffer.of(), stderr })

describe('what git and servers say', () => {
  it.each([
    ["fatal: Authentication failed for 'https://x/'", 'no-access'],
    ["fatal: could not read Username for 'https://x'", 'no-access'],
    ["fatal: could not read Password for 'https://x'", 'no-access'],
    ['git@x: Permission denied (publickey).', 'no-access'],
    ['ERROR: Permission to a/b.git denied to c.', 'no-access'],
    ['Host key verification failed.', 'no-access'],
    ['The requested URL returned error: 401', 'no-access'],
    ['The requested URL returned error: 403', 'no-access'],
    ['remote: Access denied', 'no-access'],
    ['remote: you are not authorized', 'no-access'],
    ['remote: HTTP Basic: Access denied', 'no-access'],
    ['Could not resolve host: x', 'offline'],
    ["Couldn't resolve host 'x'", 'offline'],
    ['ssh: Name or service not known', 'offline'],
    ['Temporary failure in name resolution', 'offline'],
    ['Failed to connect to x port 443', 'offline'],
    ["Couldn't connect to server", 'offline'],
    ['fatal: Could not connect to server', 'offline'],
    ['connect to host x port 22: Connection refused', 'offline'],
    ['No route to host', 'offline'],
    ['Network is unreachable', 'offline'],
    ['Connection timed out', 'offline'],
    ['Operation timed out', 'offline'],
    ["fatal: '/x' does not appear to be a git repository", 'offline'],
    ["fatal: repository 'https://x/' not found", 'offline'],
    ['ERROR: Repository not found.', 'offline'],
    ['The requested URL returned error: 500', 'offline'],
    ['SSL connect error', 'offline'],
    ['server certificate verification failed', 'offline'],
    ["fatal: transport 'file' not allowed", 'offline'],
    ['fatal: the remote end hung up unexpectedly', 'broken-off'],
    ['fatal: early EOF', 'broken-off'],
    ['error: RPC failed; HTTP 200', 'broken-off'],
    ['fetch-pack: unexpected disconnect while reading', 'broken-off'],
    ['Connection reset by peer', 'broken-off'],
    ['Broken pipe', 'broken-off'],
    ['Recv failure', 'broken-off'],
    ['transfer closed with outstanding read data', 'broken-off'],
    ['fatal: unexpected flush packet', 'broken-off'],
    ['fatal: expected flush after ref listing', 'broken-off'],
    ['fatal: protocol error: bad line length', 'broken-off'],
    ['fatal: bad line length character', 'broken-off'],
    ['fatal: protocol error: x', 'broken-off'],
    ['fatal: Could not read from remote repository.', 'broken-off'],
    ['fatal: write error: No space left on device', 'full'],
    ['fatal: early EOF\nerror: file write error: Disk quota exceeded', 'full'],
    ['remote: fatal: write error: No space left on device', 'other'],
    ["fatal: Unable to create '/x/shallow.lock': Permission denied", 'not-writable'],
    ['error: unable to create temporary file: Read-only file system', 'not-writable'],
    ['error: insufficient permission for adding an object to repository database', 'not-writable'],
    ['fatal: bad object 0a1b', 'other'],
    ['', 'other'],
  ])('%j is the trouble %s', (stderr, trouble) => {
    expect(troubleIn(said(stderr))).toBe(trouble)
    expect(isFinal(said(stderr))).toBe(trouble !== 'broken-off' && trouble !== 'other')
  })

  it.each([
    ['interrupted', 'interrupted'],
    ['stalled', 'timed-out'],
    ['too-long', 'timed-out'],
  ] as const)('means nothing if the sync was %s', (cut, trouble) => {
    const outcome = { ...said('fatal: early EOF'), cut }
    expect(troubleIn(outcome)).toBe(trouble)
    expect(isFinal(outcome)).toBe(true)
  })

  it('is shown without progress, without passwords, and the lines that tell first', () => {
    const lines = [
      'remote: Counting objects:  50% (1/2)\rremote: Counting objects: 100% (2/2), done.',
      'To https://me:secret@x/y',
      'From https://x/y',
      'warning: odd',
      'hint: do',
      '',
      'some other line',
      "fatal: unable to access 'https://me:secret@x/y'",
      '  error: two  ',
    ]
    expect(wordsOf(said(lines.join('\n')))).toBe("fatal: unable to access 'https://x/y' error: two")
    expect(wordsOf(said('one\n\r\ntwo\nthree\nfour\nfive'))).toBe('one two three four')
    expect(wordsOf(said('ssh: x\nremote: y\nerrors: z'))).toBe('ssh: x remote: y')
    expect(wordsOf(said('Everything, done.\nsent From here to: To'))).toBe('sent From here to: To')
    expect(wordsOf(said('hint: x\nwarning: y'))).toBe('')
    expect(wordsOf(said('one, done. two\na hint: x'))).toBe('one, done. two a hint: x')
    expect(wordsOf(said('plain\nno fatal: x'))).toBe('plain no fatal: x')
    expect(wordsOf(said(' \n\none\n'))).toBe('one')
  })
})

describe('the error that ends a sync', () => {
  it.each([
    [
      'Could not resolve host',
      'SYNC_OFFLINE',
      'The remote "o" cannot be reached.',
      'Check the connection and the address of the remote (git remote -v), then try again.',
    ],
    [
      'Access denied',
      'SYNC_NO_ACCESS',
      'The remote "o" refused access.',
      'Check your access: git fetch must work without a prompt here. At a terminal, git can ask for a password.',
    ],
    [
      'early EOF',
      'SYNC_BROKEN_OFF',
      'The remote "o" ended the connection.',
      'Try again. Nothing is lost: the next sync continues from here.',
    ],
    [
      'error: No space left on device',
      'DISK_FULL',
      'The disk here is full, which ended the sync with the remote "o".',
      'Free some space, then sync again: it continues from here.',
    ],
    [
      'fatal: cannot write: Read-only file system',
      'NOT_WRITABLE',
      'The git directory cannot be written, which ended the sync with the remote "o".',
      'Make the git directory writable for this user, then sync again.',
    ],
    [
      'odd',
      'GIT_FAILED',
      'The ledgers could not be exchanged with the remote "o".',
      "Act on git's message. git ls-remote must work with this remote.",
    ],
  ])('after %j is %s', (stderr, code, what, hint) => {
    expect(networkError('o', said(stderr))).toMatchObject({
      code,
      message: `${what} What was fetched before stays. git says: ${stderr}`,
      hint,
    })
  })

  it('has no words of git if there are none, or if git was stopped', () => {
    const stays = 'What was fetched before stays.'
    expect(networkError('o', said('')).message).toBe(
      `The ledgers could not be exchanged with the remote "o". ${stays}`,
    )
    expect(networkError('o', { ...said('x'), cut: 'interrupted' })).toMatchObject({
      code: 'SYNC_INTERRUPTED',
      message: `The sync with the remote "o" was interrupted. ${stays}`,
      hint: 'Run it again. Nothing is lost: the next sync continues from here.',
    })
    expect(networkError('o', { ...said('x'), cut: 'stalled' })).toMatchObject({
      code: 'SYNC_TIMED_OUT',
      message: `The remote "o" did not answer in time. ${stays}`,
      hint: 'Try again later, or check the remote: git ls-remote must answer.',
    })
  })
})

describe('a ledger of the server that was left out', () => {
  it.each([
    [older('r'), 'older', /^The server has less of r than .* stays\.$/, /^Nothing to do: .*\.$/],
    [
      rewritten('r', 'l'),
      'rewritten',
      /^r on the server no longer contains .* nothing was fetched\.$/,
      /^Ask who writes it\. .*: git update-ref -d l$/,
    ],
    [
      damaged('r', 'words'),
      'damaged',
      /^git refuses what the server has under r: words$/,
      /git push REMOTE --delete r$/,
    ],
    [
      brokenOff('r', 'words'),
      'broken-off',
      /^The server could not send r: words$/,
      /^Try again\. .* git fsck there\.$/,
    ],
    [
      notHere('r', 'b'),
      'damaged',
      /^git fetches nothing here, because b of this clone is damaged\.$/,
      /^Fix that ref first: .* git fsck\.$/,
    ],
    [
      noLedger('r'),
      'damaged',
      /^r on the server is not a ledger: .* It was left out\.$/,
      /git push REMOTE --delete r$/,
    ],
  ])('is %j', (skipped, reason, message, hint) => {
    expect(skipped).toEqual({
      ref: 'r',
      reason,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
  })
})

describe('a ledger that was not pushed', () => {
  const ids = Array.from({ length: 5 }, () => newOpId())
  const [one, two, three] = ids
  const sent = { upTo: undefined, refusedOps: [], isFirst: false }
  const failed = (reason: SyncReason) => ({
    ...sent,
    result: { kind: 'failed', reason, words: 'words' } as const,
  })

  it('is none if it was pushed', () => {
    expect(skippedPush('r', { ...sent, result: { kind: 'done' } })).toEqual([])
    expect(skippedPush('r', { ...sent, result: { kind: 'same' } })).toEqual([])
  })

  it.each([
    ['refused', 'The server refused the ledger of this clone', /^Act on what .* under erasure\.$/],
    [
      'refs-refused',
      'The server does not accept such a ref',
      /^This host accepts no refs .* repository\.$/,
    ],
    [
      'damaged',
      'The ledger of this clone is damaged, so the rest of it was not pushed',
      /^Let the doctor fix the ledger, then sync again\.$/,
    ],
    ['no-access', 'The server does not let you push', /^Ask for permission to push, .*\.$/],
    [
      'broken-off',
      'The server broke off while the ledger was being pushed',
      /^Try again\. Nothing is lost: .*\.$/,
    ],
  ] as const)('because of %s has its message and its hint', (reason, what, hint) => {
    expect(skippedPush('r', failed(reason))).toEqual([
      { ref: 'r', reason, message: `${what}: words`, hint: expect.stringMatching(hint) },
    ])
  })

  it('because others were faster can be tried again', () => {
    const lost = { ...sent, result: { kind: 'lost-race', words: 'words' } as const }
    expect(skippedPush('r', lost)).toEqual([
      {
        ref: 'r',
        reason: 'moved',
        message: 'Others kept changing the server: words',
        hint: 'Try again in a moment.',
      },
    ])
  })

  it.each([
    [1, false, `The server refused the record of Op ${one} of this clone`],
    [
      1,
      true,
      `The server refused everything that is new, from the record of Op ${one} of this clone`,
    ],
    [
      3,
      false,
      `The server refused a commit with the records of the Ops ${one}, ${two}, ${three} of this clone`,
    ],
    [
      5,
      true,
      `The server refused everything that is new, from a commit with the records of the Ops ${one}, ${two}, ${three} and 2 more of this clone`,
    ],
  ])('because %s Ops are refused names them', (count, isFirst, message) => {
    const ops = ids.slice(0, count)
    const [skipped] = skippedPush('r', { ...failed('refused'), refusedOps: ops, isFirst })
    expect(skipped).toMatchObject({ reason: 'refused', message: `${message}: words`, ops })
  })
})
