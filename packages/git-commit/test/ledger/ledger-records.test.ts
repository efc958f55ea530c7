import { newOpId } from '@kitty/record'
import { closedRecordText, newRepository } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { ledgerEvidenceOf, ledgerPathOf, ledgerRefOf } from '../../src/ledger/layout.js'
import { recordsInLedger } from '../../src/ledger/ledger-records.js'
import { blobOf, writeLedger } from '../support/hostile-ledger.js'
import { loseObject } from '../support/ledger.js'

it('only regular files at the paths of their Ops are records of a ledger', async () => {
  const repository = await newRepository()
  const [good, link, module] = [newOpId(), newOpId(), newOpId()]
  const ref = ledgerRefOf(newOpId())
  const text = closedRecordText({ id: good })
  const blob = await blobOf(repository, text)
  const tip = await writeLedger(repository, ref, [
    { path: ledgerPathOf(good), text },
    { path: `${ledgerEvidenceOf(good)}/${link}.jsonl`, text },
    { path: `2001-01/01/${good}.jsonl`, text },
    { path: `erased/${module}`, text: '' },
    { path: ledgerPathOf(link), mode: '120000', id: blob },
    { path: ledgerPathOf(module), mode: '160000', id: await repository.head() },
  ])
  expect(await recordsInLedger(repository.path, { ref, tip })).toEqual(new Map([[good, blob]]))
})

it('a ledger that lacks a tree is an error that names it, and never an empty one', async () => {
  const repository = await newRepository()
  const ref = ledgerRefOf(newOpId())
  const id = newOpId()
  const file = { path: ledgerPathOf(id), text: closedRecordText({ id }) }
  const tip = await writeLedger(repository, ref, [file])
  await loseObject(repository, `${tip}^{tree}`)
  await expect(recordsInLedger(repository.path, { ref, tip })).rejects.toMatchObject({
    code: 'GIT_FAILED',
    message: expect.stringContaining(ref),
  })
})
