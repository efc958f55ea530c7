// Fills ledgers of a repository with earlier records, one commit each, as if its clones had kept them.
import { basename } from 'node:path/posix'
import { newOpId } from '@kitty/record'
import { gitSync } from './repository.mjs'

const timeOf = (id) => {
  const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  return [...id.slice(0, 10)].reduce((time, letter) => time * 32 + digits.indexOf(letter), 0)
}

/** The path of a record in a ledger. */
const pathOf = (name) => {
  const day = new Date(timeOf(name)).toISOString()
  return `${day.slice(0, 7)}/${day.slice(8, 10)}/${name}`
}

/** Adds records to the ledger of one writer, which is a new one by default. Returns the writer. */
export const fillLedger = (root, records, writer = newOpId()) => {
  const ref = `refs/kitty/ops/${writer}`
  const who = 'committer Bench <bench@example.org> 1700000000 +0000\n'
  const commits = records.map(({ path, text }) => {
    const file = `M 100644 inline ${pathOf(basename(path))}\ndata ${Buffer.byteLength(text)}\n${text}\n`
    return `commit ${ref}\n${who}data 17\nledger: add 1 Op\n\n${file}`
  })
  gitSync(root, ['fast-import', '--quiet'], commits.join(''))
  return writer
}

/** Spreads records over the ledgers of a number of writers. */
export const fillLedgers = (root, records, writers) => {
  for (let writer = 0; writer < writers; writer += 1) {
    fillLedger(
      root,
      records.filter((_, number) => number % writers === writer),
    )
  }
}
