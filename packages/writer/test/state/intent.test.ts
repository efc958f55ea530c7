import { parseOpId } from '@kitty/record'
import { expect, it } from 'vitest'
import { decodeIntent, encodeIntent } from '../../src/state/intent.js'

const ID = parseOpId('01K6ZP4W3M8Q2V5X7Y9A1B3C5E')
const EVIDENCE = `.kittify/evidence/${ID}/log.txt`
const INTENT = {
  id: ID,
  ownedSince: 1_700_000_000_000,
  strategy: 'direct-git',
  options: '0123456789abcdef',
  durability: 'power',
  evidence: [EVIDENCE],
  bytes: Buffer.from('{}\n'),
} as const

/** An intent as another version, or another program, could have written it. */
const withHeader = (fields: object): Buffer => {
  const text = encodeIntent(INTENT).toString()
  const end = text.indexOf('\n')
  const header: object = JSON.parse(text.slice(0, end))
  return Buffer.from(JSON.stringify({ ...header, ...fields }) + text.slice(end))
}

it.each([
  null,
  [],
  {},
  'committed',
  { status: 'postponed', message: 'x' },
  { status: 'toString' },
  { status: 'committed' },
  { status: 'deferred', reason: 'rebase', message: 7 },
  { status: 'failed', code: 'X', message: 'x', hint: {} },
  { status: 'committed', sha: 'abc', ledger: { status: 'committed' } },
])('an intent with the unknown result %j is whole, without a result', (result) => {
  expect(decodeIntent(ID, withHeader({ result }))).toEqual(INTENT)
})

it.each([
  { status: 'committed', sha: 'abc', notes: ['x'], ledger: { status: 'failed', message: 'x' } },
  { status: 'skipped', reason: 'disabled' },
])('an intent keeps the result %j', (result) => {
  expect(decodeIntent(ID, withHeader({ result }))).toEqual({ ...INTENT, result })
})

it('evidence of an intent is in the folder of its Op', () => {
  const foreign = ['/etc/passwd', '../x', `${EVIDENCE}/../../x`, '.kittify/evidence/x/log.txt']
  expect(decodeIntent(ID, withHeader({ evidence: [...foreign, EVIDENCE] }))).toEqual(INTENT)
})
