// The files that this software keeps in a git directory, as a crash or another version leaves them.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { formatLine, newOpId, parseOpRecord } from '@kitty/record'
import {
  excludePathOf,
  findState,
  inspectLock,
  knownWorkTrees,
  listExcludeLines,
  mayBeWorkedOn,
  ownerLiveness,
  readStartNote,
  removeState,
  selfOwner,
  startNotePath,
  stateDirOf,
} from '@kitty/writer/internals'
import { newRepository } from '../../lib/repository.mjs'
import { built } from '../built.mjs'
import { temporaryFolder } from '../temporary.mjs'

const { decodeIntent, encodeIntent } = await built('writer', 'state/intent')
const { ExcludeLines } = await built('writer', 'state/exclude-lines')
const { findToken } = await built('writer', 'lock/lock-file')
const { notedOps } = await built('cli', 'hooks/session-notes')

const ID = newOpId(1_700_000_000_000)
const AT = '2026-01-02T03:04:05.678Z'
const STARTED = {
  event: 'started',
  invocation_id: ID,
  profile_id: 'p',
  action: 'do',
  started_at: AT,
}
const COMPLETED = {
  event: 'completed',
  invocation_id: ID,
  completed_at: AT,
  outcome: 'done',
  closed_by: 'agent',
}
const BYTES = Buffer.from(formatLine(STARTED) + formatLine(COMPLETED))

const intentOf = (more) => ({
  id: ID,
  ownedSince: 1_700_000_000_000,
  strategy: 'direct-git',
  options: '0123456789abcdef',
  durability: 'power',
  evidence: [`.kittify/evidence/${ID}/log.txt`],
  bytes: BYTES,
  ...more,
})

const DEFERRED = { status: 'deferred', reason: 'rebase', message: 'A rebase is in progress.' }

const STATUSES = {
  committed: ['sha'],
  deferred: ['reason', 'message'],
  refused: ['code', 'message'],
  skipped: ['reason'],
  failed: ['message'],
}

const isSound = (result) =>
  Object.hasOwn(STATUSES, result.status) &&
  STATUSES[result.status].every((name) => typeof result[name] === 'string') &&
  (result.ledger === undefined || isSound(result.ledger))

export const intents = () => ({
  samples: [
    intentOf({ owner: selfOwner() }),
    intentOf({ result: DEFERRED, previousOwner: { owner: '1-x-x-x-x', ownedSince: 1 } }),
    intentOf({ result: { status: 'committed', sha: 'a'.repeat(40), ledger: DEFERRED } }),
  ].map(encodeIntent),
  isValid: (bytes) => {
    const intent = decodeIntent(ID, bytes)
    return intent && encodeIntent(intent).equals(bytes) ? undefined : 'an intent changes'
  },
  check: (bytes) => {
    const intent = decodeIntent(ID, bytes)
    if (intent === undefined) return undefined
    if (intent.owner !== undefined) ownerLiveness(intent.owner)
    if (intent.result !== undefined && !isSound(intent.result))
      return `the result ${JSON.stringify(intent.result)}`
    const foreign = intent.evidence.find((path) => dirname(path) !== `.kittify/evidence/${ID}`)
    if (foreign !== undefined) return `evidence ${foreign}`
    const again = decodeIntent(ID, encodeIntent(intent))
    return again?.bytes.equals(intent.bytes) ? undefined : 'an intent is not read again'
  },
})

export const owners = () => ({
  samples: [selfOwner(), '1-2-x-x-x', `${'9'.repeat(30)}-1-x-x-x`].map((text) => Buffer.from(text)),
  check: (bytes) => {
    const liveness = ownerLiveness(bytes.toString())
    return ['alive', 'dead', 'unknown'].includes(liveness) ? undefined : liveness
  },
})

const repository = () => {
  const folder = temporaryFolder()
  newRepository(folder)
  return folder
}

const put = (path, bytes) => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
}

/** Start notes, with sound ones beside the damaged one. */
export const startNotes = async () => {
  const folder = repository()
  const { openOps } = await import('@kitty/writer')
  const store = await openOps({ root: folder })
  const request = { request_text: 'Fix it', profile_id: 'p', action: 'do' }
  const [one, other] = [await store.start(request), await store.start(request)]
  const { dir } = await stateDirOf(folder)
  const path = join(dir, startNotePath(one.id))
  const sample = readFileSync(path)
  const note = JSON.parse(sample.toString())
  const left = { ...note, session: 's', opened_by: 'hook', left: { at: AT, reason: 'logout' } }
  return {
    samples: [sample, Buffer.from(JSON.stringify(left))],
    share: 0.05,
    longest: 1 << 18,
    check: async (bytes) => {
      put(path, bytes)
      const found = await readStartNote(dir, one.id)
      if (found) {
        mayBeWorkedOn(one.id, found)
        parseOpRecord(found.line, { opId: one.id })
      }
      const noted = await notedOps([folder], () => true)
      return noted.some(({ id }) => id === other.id) ? undefined : 'a damaged note hides another'
    },
  }
}

/** `info/exclude`, in which a person has rules, too. */
export const excludeLines = async () => {
  const folder = repository()
  const location = await stateDirOf(folder)
  const path = excludePathOf(join(folder, '.git'))
  const lines = new ExcludeLines(folder, () => ({ ...location, place: 'git' }), {
    isEnabled: true,
    hidesAll: false,
  })
  const OWN =
    /^[/#](?:.*\/)?kitty-ops\/(?:[0-7][0-9A-Z]{25}\.jsonl|ops-index\.jsonl|\[0-7\]\?{25}\.jsonl)\r?$/
  const foreign = (bytes) =>
    bytes
      .toString('latin1')
      .split('\n')
      .filter((line) => !OWN.test(line) && line !== '')
      .join('\n')
  const record = `/kitty-ops/${ID}.jsonl`
  const index = 'kitty-ops/ops-index.jsonl'
  return {
    samples: [
      '# Mine\n*.own\n/kitty-ops/mine\\ .jsonl',
      `*.own\r\n${record}\r\n/${index}\n#${record.slice(1)}\n`,
      `/a/b${record}\n\n/kitty-ops/[0-7]${'?'.repeat(25)}.jsonl\n!x`,
    ].map((text) => Buffer.from(text)),
    share: 0.02,
    longest: 1 << 18,
    check: async (bytes) => {
      writeFileSync(path, bytes)
      await lines.hide([ID])
      const hidden = readFileSync(path)
      if (foreign(hidden) !== foreign(bytes))
        return `hiding changes ${JSON.stringify(foreign(bytes))}`
      const own = listExcludeLines(join(folder, '.git'))
      if (own.length < 64 && !own.some(({ id }) => id === ID)) return 'the record is not hidden'
      await lines.show([ID], 'show')
      if (foreign(readFileSync(path)) !== foreign(bytes)) return 'showing changes a rule'
      if (listExcludeLines(join(folder, '.git')).some(({ id }) => id === ID))
        return 'the record stays hidden'
      await removeState([folder])
      const rest = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
      return foreign(rest) === foreign(bytes) ? undefined : 'removing the state changes a rule'
    },
  }
}

/** The small files of the state: which tree, which root, which format, whose lock. */
export const stateFiles = async () => {
  const folder = repository()
  const { openOps } = await import('@kitty/writer')
  const store = await openOps({ root: folder })
  await store.start({ request_text: 'Fix it', profile_id: 'p', action: 'do' })
  const common = join(folder, '.git')
  const { dir, lockDir } = await stateDirOf(folder)
  const files = [
    join(common, 'kitty', 'id'),
    join(common, 'kitty', 'format'),
    join(lockDir, 'path'),
    join(dir, 'root'),
    join(lockDir, 'commit.lock'),
  ]
  const sound = files.map((path) => (existsSync(path) ? readFileSync(path) : undefined))
  const restore = (at) => {
    if (sound[at] === undefined) rmSync(files[at], { force: true })
    else writeFileSync(files[at], sound[at])
  }
  return {
    samples: [
      ...sound.filter(Boolean),
      Buffer.from('../..'),
      Buffer.from('/etc'),
      Buffer.from('3\n'),
    ],
    share: 0.02,
    longest: 1 << 16,
    check: async (bytes) => {
      const at = bytes.length % files.length
      put(files[at], bytes)
      try {
        const lock = { path: files[4], tokens: join(lockDir, 'tokens') }
        findToken(lock)
        inspectLock(lock)
        await findState([folder])
        const trees = await knownWorkTrees(folder)
        const outside = trees
          .flatMap(({ path, roots }) => roots.map(({ root }) => [path, root]))
          .find(
            ([path, root]) =>
              path !== undefined && root !== path && !root.startsWith(join(path, '/')),
          )
        if (outside) return `the root ${JSON.stringify(outside[1])} is outside of ${outside[0]}`
        await stateDirOf(folder)
        await notedOps([folder], () => true)
        return undefined
      } finally {
        restore(at)
      }
    },
  }
}
