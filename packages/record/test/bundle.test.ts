import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createContext, runInContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { completed, ID, started, textOf } from './support/records.js'

const KIBIBYTE = 1024
const folder = fileURLToPath(new URL('.', import.meta.url))

/** Bundles code as a browser would load it; a `node:` import anywhere fails the build. */
const bundle = async (contents: string): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'iife',
    write: false,
  })
  return outputFiles.map((file) => file.text).join('')
}

const EVERYTHING = `
  import * as record from '../src/index.js'
  import * as schemas from '../src/schemas.js'
  const closed = record.parseOpRecord(text)
  const bytes = record.parseOpRecord(new TextEncoder().encode(text), { opId: '${ID}' })
  globalThis.answer = JSON.stringify({
    status: closed.status,
    same: record.formatOpRecord(bytes) === text,
    subject: record.opCommitSubject(closed),
    torn: record.parseOpRecord(text.slice(0, -9)).problems.map((problem) => problem.code),
    id: record.isOpId(record.newOpId()),
    schema: schemas.opLineJsonSchema().title,
    written: schemas.NewStartedEventSchema.safeParse({}).success,
    issues: record.parseLine('{"event":"completed"}').message,
  })
`

const ANSWER = {
  status: 'closed',
  same: true,
  subject: 'op(debugger-debbie): investigate [01KTK4DF]',
  torn: ['TORN_TAIL'],
  id: true,
  schema: 'One line of an Op record',
  written: false,
  issues: 'invocation_id: must be a ULID; completed_at: must be an ISO-8601 time with an offset',
}

const text = textOf(started, completed)

describe('without Node', () => {
  test('everything works with common browser and worker globals, and without code from strings', async () => {
    const web = { text, TextEncoder, TextDecoder, crypto: globalThis.crypto, answer: '' }
    const context = createContext(web, { codeGeneration: { strings: false, wasm: false } })
    runInContext('globalThis.self = globalThis', context)
    runInContext(await bundle(EVERYTHING), context)
    expect(JSON.parse(web.answer)).toEqual(ANSWER)
  })

  test('text is parsed with nothing but the language', async () => {
    const bare = { text, answer: '' }
    const code = `import { parseOpRecord } from '../src/index.js'
      globalThis.answer = parseOpRecord(text).status`
    runInContext(await bundle(code), createContext(bare))
    expect(bare.answer).toBe('closed')
  })

  test('a program that only parses records loads at most 10 KiB, compressed', async () => {
    const code = `import { parseOpRecord } from '../src/index.js'
      globalThis.parse = parseOpRecord`
    expect(gzipSync(await bundle(code)).length).toBeLessThan(10 * KIBIBYTE)
  })
})

test('in a Node that forbids code from strings', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'kitty-bundle-'))
  try {
    const file = join(scratch, 'main.cjs')
    const code = await bundle(EVERYTHING)
    const print = 'process.stdout.write(globalThis.answer)'
    await writeFile(file, `globalThis.text = ${JSON.stringify(text)};${code};${print}\n`)
    const flags = ['--disallow-code-generation-from-strings']
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, file])
    expect(JSON.parse(stdout)).toEqual(ANSWER)
  } finally {
    await rm(scratch, { recursive: true })
  }
})
