import { readFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpId } from '@kitty/record'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { openOps } from '../src/index.js'
import { ATTRIBUTES_TEXT, archivedPath, recordPath } from '../src/project/paths.js'
import { type CloseIntent, decodeIntent, encodeIntent, withoutOwner } from '../src/state/intent.js'
import { readStartNote, writeStartNote } from '../src/state/start-notes.js'

/** Files written by releases. Never edit them: a change of a format adds a file, and the old ones stay readable. */
const frozen = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'fixtures', name))

const ID = '01K6ZP4W3M8Q2V5X7Y9A1B3C5D' as OpId
const OWNER = '4873-3352472-5bce98f7-b2e485cb-4026531836'

const RECORD = [
  `{"event":"started","invocation_id":"${ID}","profile_id":"debugger-debbie","action":"investigate","started_at":"2025-10-07T12:00:00.000Z"}`,
  `{"event":"completed","invocation_id":"${ID}","completed_at":"2025-10-07T12:30:00.000Z","outcome":"done","closed_by":"agent"}`,
  '',
].join('\n')

const WAITING: CloseIntent = {
  id: ID,
  owner: OWNER,
  ownedSince: 1_759_840_200_000,
  strategy: 'direct-git',
  options: '0123456789abcdef',
  durability: 'power',
  evidence: [`.kittify/evidence/${ID}/log.txt`],
  bytes: Buffer.from(RECORD),
}

const PENDING: CloseIntent = {
  ...withoutOwner(WAITING),
  previousOwner: { owner: OWNER, ownedSince: 1_759_840_200_000 },
  result: { status: 'deferred', reason: 'ref-locked', message: 'HEAD is locked.' },
}

describe('files written by releases', () => {
  it.each([
    ['intent-waiting', WAITING],
    ['intent-pending', PENDING],
  ])('%s is read, and written the same', (name, intent) => {
    expect(decodeIntent(ID, frozen(name))).toEqual(intent)
    expect(encodeIntent(intent).toString()).toBe(frozen(name).toString())
  })

  it('the start note is read, and written the same', async () => {
    const [line = ''] = RECORD.split('\n')
    const note = { line: `${line}\n`, opener: OWNER, session: 'session-1' }
    const state = await tempFolder()
    await mkdir(join(state, 'started'))
    await writeFile(join(state, 'started', `${ID}.json`), frozen('started.json'))
    expect(await readStartNote(state, ID)).toEqual(note)
    const other = await tempFolder()
    await mkdir(join(other, 'started'))
    await writeStartNote(other, ID, note, 'process')
    expect(await readFile(join(other, 'started', `${ID}.json`), 'utf8')).toBe(
      frozen('started.json').toString(),
    )
  })

  it('the attributes', () => {
    expect(ATTRIBUTES_TEXT).toBe(frozen('gitattributes').toString())
  })

  it('an archived record is found in its month, and read', async () => {
    expect([recordPath(ID), archivedPath(ID)]).toEqual([
      `kitty-ops/${ID}.jsonl`,
      `kitty-ops/archive/2025-10/${ID}.jsonl`,
    ])
    const root = await tempFolder()
    await mkdir(join(root, 'kitty-ops', 'archive', '2025-10'), { recursive: true })
    await writeFile(join(root, archivedPath(ID)), frozen('archived.jsonl'))
    const ops = await openOps({ root })
    expect(await ops.list()).toMatchObject([{ invocation_id: ID, outcome: 'done' }])
  })

  it('the log of failed propagations', async () => {
    const root = await tempFolder()
    const ops = await openOps({
      root,
      clock: () => new Date('2025-10-07T12:00:00Z'),
      propagator: { submit: () => Promise.reject(new Error('Nobody is there.')) },
    })
    await ops.start({ profile_id: 'p', action: 'a', request_text: 'x' })
    await ops.flush()
    const path = join(root, 'kitty-ops', 'propagation-errors.jsonl')
    await expect.poll(() => readFile(path, 'utf8').catch(() => '')).not.toBe('')
    const written = (await readFile(path, 'utf8')).replace(
      /"invocation_id":"\w{26}"/,
      `"invocation_id":"${ID}"`,
    )
    expect(written).toBe(frozen('propagation-errors.jsonl').toString())
  })
})
