import { KittyError } from '@kitty/record'
import type { NetworkOutcome } from '../git/run-network.js'

/**
 * Why git could not talk to a server: it cannot be reached, it lets nobody in, the connection broke, this clone cannot
 * store anything, or a person or a time limit ended it. `other` is a failure of something else.
 */
type Trouble =
  | 'offline'
  | 'no-access'
  | 'broken-off'
  | 'full'
  | 'not-writable'
  | 'interrupted'
  | 'timed-out'
  | 'other'

/** What git says where a disk is full. A line of the server begins with `remote:`. */
export const FULL = /No space left on device|Disk quota exceeded|Out of diskspace/i

// The first match wins. Git runs with LC_ALL=C; ssh, curl and servers have their own words.
const TABLE: readonly (readonly [words: RegExp, trouble: Trouble])[] = [
  [new RegExp(`^(?:fatal|error): .*(?:${FULL.source})`, 'im'), 'full'],
  [
    /Authentication failed|could not read (?:Username|Password)|Permission denied \(|Permission to \S+ denied|Host key verification failed|returned error: 40[13]|access denied|not authorized|HTTP Basic: Access denied/i,
    'no-access',
  ],
  [
    /Could not resolve|Couldn't resolve|Name or service not known|Temporary failure in name resolution|Failed to connect|Couldn't connect|Could not connect|Connection refused|No route to host|Network is unreachable|Connection timed out|Operation timed out|does not appear to be a git repository|repository '[^']*' not found|Repository not found|returned error: \d+|SSL|certificate|transport '[^']*' not allowed/i,
    'offline',
  ],
  [
    /hung up unexpectedly|early EOF|RPC failed|unexpected disconnect|Connection reset|Broken pipe|Recv failure|transfer closed|unexpected flush|expected flush|bad line length|protocol error|Could not read from remote/i,
    'broken-off',
  ],
  [
    /^(?:fatal|error): .*(?:unable|cannot|could not|couldn't|failed) .*(?:Permission denied|Read-only file system)|^error: insufficient permission/im,
    'not-writable',
  ],
]

const CUTS = { interrupted: 'interrupted', stalled: 'timed-out', 'too-long': 'timed-out' } as const

/** Finds out why a git with the network failed. */
export const troubleIn = ({ cut, stderr }: NetworkOutcome): Trouble =>
  cut === undefined ? (TABLE.find(([words]) => words.test(stderr))?.[1] ?? 'other') : CUTS[cut]

/** The lines of git that say what went wrong; without progress, which it writes to the same stream. */
export const wordsOf = ({ stderr }: NetworkOutcome): string => {
  const lines = stderr
    // A password in an address stays unsaid.
    .replaceAll(/:\/\/[^\s/@]+@/g, '://')
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter(
      (line) => line !== '' && !/: +\d+% \(|^(?:To|From) |, done\.$|^(?:warning|hint): /.test(line),
    )
  const telling = lines.filter((line) => /^(?:fatal|error|remote|ssh)\b/.test(line))
  return (telling.length > 0 ? telling : lines).slice(0, 4).join(' ')
}

const KEPT = 'What was fetched before stays.'

const UNREACHED: Readonly<
  Record<
    Trouble,
    {
      readonly code:
        | 'SYNC_OFFLINE'
        | 'SYNC_NO_ACCESS'
        | 'SYNC_BROKEN_OFF'
        | 'SYNC_INTERRUPTED'
        | 'SYNC_TIMED_OUT'
        | 'DISK_FULL'
        | 'NOT_WRITABLE'
        | 'GIT_FAILED'
      readonly what: (remote: string) => string
      readonly hint: string
    }
  >
> = {
  offline: {
    code: 'SYNC_OFFLINE',
    what: (remote) => `The remote ${remote} cannot be reached.`,
    hint: 'Check the connection and the address of the remote (git remote -v), then try again.',
  },
  'no-access': {
    code: 'SYNC_NO_ACCESS',
    what: (remote) => `The remote ${remote} refused access.`,
    hint: 'Check your access: git fetch must work without a prompt here. At a terminal, git can ask for a password.',
  },
  'broken-off': {
    code: 'SYNC_BROKEN_OFF',
    what: (remote) => `The remote ${remote} ended the connection.`,
    hint: 'Try again. Nothing is lost: the next sync continues from here.',
  },
  full: {
    code: 'DISK_FULL',
    what: (remote) => `The disk here is full, which ended the sync with the remote ${remote}.`,
    hint: 'Free some space, then sync again: it continues from here.',
  },
  'not-writable': {
    code: 'NOT_WRITABLE',
    what: (remote) =>
      `The git directory cannot be written, which ended the sync with the remote ${remote}.`,
    hint: 'Make the git directory writable for this user, then sync again.',
  },
  interrupted: {
    code: 'SYNC_INTERRUPTED',
    what: (remote) => `The sync with the remote ${remote} was interrupted.`,
    hint: 'Run it again. Nothing is lost: the next sync continues from here.',
  },
  'timed-out': {
    code: 'SYNC_TIMED_OUT',
    what: (remote) => `The remote ${remote} did not answer in time.`,
    hint: 'Try again later, or check the remote: git ls-remote must answer.',
  },
  other: {
    code: 'GIT_FAILED',
    what: (remote) => `The ledgers could not be exchanged with the remote ${remote}.`,
    hint: "Act on git's message. git ls-remote must work with this remote.",
  },
}

/** The error that ends a sync. */
export const networkError = (remote: string, outcome: NetworkOutcome): KittyError => {
  const { code, what, hint } = UNREACHED[troubleIn(outcome)]
  const words = wordsOf(outcome)
  const said = words === '' || outcome.cut !== undefined ? '' : ` git says: ${words}`
  return new KittyError(code, `${what(JSON.stringify(remote))} ${KEPT}${said}`, { hint })
}

/** Troubles that no other attempt of the same sync avoids. */
const FINAL: ReadonlySet<Trouble> = new Set([
  'offline',
  'no-access',
  'full',
  'not-writable',
  'interrupted',
  'timed-out',
])

/** Whether trying again with fewer refs cannot help. */
export const isFinal = (outcome: NetworkOutcome): boolean => FINAL.has(troubleIn(outcome))
