import { newOpId, parseOpId } from '@kitty/record'
import { expect, it } from 'vitest'
import {
  erasedPathOf,
  ledgerEvidenceOf,
  ledgerMonthOf,
  ledgerPathOf,
  ledgerRefOf,
  OWN_LEDGERS,
  opOfLedgerPath,
  REMOTE_LEDGERS,
} from '../../src/ledger/layout.js'

const NEW_YEAR = Date.UTC(2027, 0, 1)

it('a record is at the day of its id, in UTC', () => {
  const id = newOpId(NEW_YEAR - 1)
  expect(ledgerPathOf(id)).toBe(`2026-12/31/${id}.jsonl`)
  expect(ledgerMonthOf(id)).toBe('2026-12')
  expect(ledgerEvidenceOf(id)).toBe(`2026-12/31/${id}`)
  expect(erasedPathOf(id)).toBe(`erased/${id}`)
  const next = newOpId(NEW_YEAR)
  expect(ledgerPathOf(next)).toBe(`2027-01/01/${next}.jsonl`)
  // A day is known from the second record on.
  const later = newOpId(NEW_YEAR + 7)
  expect(ledgerPathOf(later)).toBe(`2027-01/01/${later}.jsonl`)
})

it('the Op of a path is found only where its record belongs', () => {
  const id = newOpId(NEW_YEAR)
  expect(opOfLedgerPath(ledgerPathOf(id))).toBe(id)
  for (const path of [
    `2027-01/02/${id}.jsonl`,
    `2026-01/01/${id}.jsonl`,
    `x2027-01/01/${id}.jsonl`,
    `2027-01/01/${id}.jsonl.x`,
    `2027-01/01/${id}xjsonl`,
    `2027-01/01/${id.toLowerCase()}.jsonl`,
    `2027-01/01/8${id.slice(1)}.jsonl`,
    `kitty-ops/${id}.jsonl`,
    '',
  ]) {
    expect(opOfLedgerPath(path)).toBeUndefined()
  }
  const first = parseOpId('00000000000000000000000000')
  expect(opOfLedgerPath(`1970-01/01/${first}.jsonl`)).toBe(first)
})

it('each writer has a ref of its own', () => {
  expect(ledgerRefOf('w')).toBe('refs/kitty/ops/w')
  expect([OWN_LEDGERS, REMOTE_LEDGERS]).toEqual(['refs/kitty/ops/', 'refs/kitty/remotes/'])
})
