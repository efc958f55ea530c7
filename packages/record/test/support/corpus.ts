import { existsSync, readdirSync, readFileSync } from 'node:fs'

const corpus = new URL('../../../../../shared/corpus/', import.meta.url)
const records = new URL('records/', corpus)
const ID_LENGTH = 26

/** Real records are outside the repository, and only on some machines. */
export const corpusIsThere = existsSync(records)

export type CorpusFile = { readonly name: string; readonly opId: string; readonly text: string }

export const corpusFiles = (): CorpusFile[] =>
  readdirSync(records).map((name) => ({
    name,
    opId: name.slice(0, ID_LENGTH),
    text: readFileSync(new URL(name, records), 'utf8'),
  }))

export const corpusLines = (): string[] =>
  corpusFiles().flatMap((file) => file.text.split('\n').filter((line) => line !== ''))

export const corpusLifecycleLog = (): string =>
  readFileSync(new URL('lifecycle.jsonl', corpus), 'utf8')
