// Fills ledgers of a repository with earlier records, one commit each, as if its clones had kept them.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { basename } from 'node:path/posix'
import { newOpId, opIdTime } from '@kitty/record'
import { gitSync } from './repository.mjs'

/** The path of a record in a ledger. */
const pathOf = (name) => {
  const day = new Date(opIdTime(basename(name, '.jsonl'))).toISOString()
  return `${day.slice(0, 7)}/${day.slice(8, 10)}/${name}`
}

/** The ledger of one writer, as git fast-import reads it. */
const streamOf = (records, writer) => {
  const ref = `refs/kitty/ops/${writer}`
  const who = 'committer Bench <bench@example.org> 1700000000 +0000\n'
  const commits = records.map(({ path, text }) => {
    const file = `M 100644 inline ${pathOf(basename(path))}\ndata ${Buffer.byteLength(text)}\n${text}\n`
    return `commit ${ref}\n${who}data 17\nledger: add 1 Op\n\n${file}`
  })
  return commits.join('')
}

/** Spreads records over the ledgers of a number of writers. */
export const fillLedgers = (root, records, writers) => {
  const shares = Array.from({ length: writers }, (_, writer) =>
    records.filter((_, number) => number % writers === writer),
  )
  const streams = shares.map((share) => streamOf(share, newOpId()))
  gitSync(root, ['fast-import', '--quiet'], streams.join(''))
}

/** Makes the repository's own ledger out of records. Returns its ref. */
export const fillOwnLedger = (root, records) => {
  const writer = newOpId()
  mkdirSync(join(root, '.git', 'kitty'), { recursive: true })
  writeFileSync(join(root, '.git', 'kitty', 'writer'), `${writer}\n`)
  gitSync(root, ['fast-import', '--quiet'], streamOf(records, writer))
  return `refs/kitty/ops/${writer}`
}
