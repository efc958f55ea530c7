import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { reasonOf } from '@kitty/record'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { redactSecrets } from '../../src/content/redact.js'
import { compileRedactPattern, compileRedactPatterns } from '../../src/content/redact-patterns.js'
import { codeOf, openIn, openStore, REQUEST, textAt } from '../support/store.js'

const problemOf = (given: unknown): string | undefined => {
  const compiled = compileRedactPattern(given)
  return compiled.ok ? undefined : compiled.problem
}

describe('a redaction pattern', () => {
  it.each([
    ['(', 'is not a regular expression: Unterminated group'],
    ['[b-a]', 'is not a regular expression: Range out of order in character class'],
    ['\\-', 'is not a regular expression: Invalid escape'],
    ['/a/g', 'has a flag other than i, m and s, or one of them twice'],
    ['/a/ii', 'has a flag other than i, m and s, or one of them twice'],
    ['', 'matches the empty text'],
    ['(acme)?', 'matches the empty text'],
    ['.*', 'matches the empty text'],
    ['\\b', 'matches the empty text'],
    ['$', 'matches the empty text'],
    ['/^/m', 'matches the empty text'],
    [/a*/, 'matches the empty text'],
    [7, 'must be a regular expression'],
  ])('%j: %s', (given, problem) => {
    expect(problemOf(given)).toBe(problem)
  })

  it.each([
    ['acme-[0-9]{4}', 'see [REDACTED:custom] and ACME-5678'],
    ['/acme-[0-9]{4}/i', 'see [REDACTED:custom] and [REDACTED:custom]'],
    [/acme-\d+/, 'see [REDACTED:custom] and ACME-5678'],
    [/acme-\d+/giy, 'see [REDACTED:custom] and [REDACTED:custom]'],
    ['(?=acme)|5678', 'see acme-1234 and ACME-[REDACTED:custom]'],
  ])('%s replaces each match', async (given, text) => {
    const patterns = compileRedactPatterns([given])
    expect((await redactSecrets('see acme-1234 and ACME-5678', patterns)).text).toBe(text)
  })

  it('cuts no character in half', async () => {
    const patterns = compileRedactPatterns(['key .'])
    expect((await redactSecrets('key 🤷!', patterns)).text).toBe('[REDACTED:custom]!')
  })

  it('joins what overlaps with a secret of a known kind', async () => {
    const token = `gh${'p'}_${'a1B2'.repeat(9)}`
    const patterns = compileRedactPatterns(['B2a1.* end'])
    expect(await redactSecrets(`see ${token} the end.`, patterns)).toEqual({
      text: 'see [REDACTED:github-token].',
      found: 1,
    })
  })
})

describe('the patterns of a store', () => {
  const redactPatterns = ['acme-[0-9]{4}']
  const SECRET = 'acme-1234'

  it('replace in requests and reasons, and are readable', async () => {
    const ops = await openStore({ redactPatterns })
    expect(ops.redactPatterns.map(String)).toEqual(['/acme-[0-9]{4}/gu'])
    const op = await ops.start({ ...REQUEST, request_text: `Use ${SECRET}` })
    expect(op).toMatchObject({ redacted: 1, event: { request_text: 'Use [REDACTED:custom]' } })
    const { record } = await op.complete({ outcome: 'failed', reason: `${SECRET} expired` })
    expect(reasonOf(record)).toBe('[REDACTED:custom] expired')
    expect(await textAt(ops, op.path)).not.toContain(SECRET)
  })

  it('refuse evidence and links', async () => {
    const ops = await openStore({ redactPatterns })
    const op = await ops.start(REQUEST)
    await writeFile(join(ops.root, 'log.txt'), `a\nb ${SECRET}`)
    await expect(op.complete({ outcome: 'done', evidence: 'log.txt' })).rejects.toMatchObject({
      code: 'EVIDENCE_SECRETS',
      message: 'The evidence seems to contain a secret: custom on line 2.',
    })
    const artifacts = ['src/a.ts', `https://example.org/${SECRET}`]
    await expect(op.complete({ outcome: 'done', artifacts })).rejects.toMatchObject({
      code: 'EVIDENCE_SECRETS',
      message: 'Artifact 2 seems to contain a secret: custom.',
    })
    await op.complete({ outcome: 'done', evidence: 'log.txt', artifacts, redact: false })
  })

  it('are refused before anything is opened if one is wrong', async () => {
    const root = await tempFolder()
    await expect(openIn(root, { redactPatterns: ['fine', '('] })).rejects.toMatchObject({
      code: 'REDACT_PATTERN_INVALID',
      message: 'redactPatterns[1] is not a regular expression: Unterminated group',
      hint: 'Correct the pattern in the option `redactPatterns`.',
    })
  })

  it('stop a close that would hang, and the Op stays open', async () => {
    const ops = await openStore({ redactPatterns: ['(a+)+$'] })
    const op = await ops.start(REQUEST)
    const before = await readFile(join(ops.root, op.path), 'utf8')
    // Without the limit, this takes longer than the age of the universe.
    const reason = `${'a'.repeat(100)}b`
    await expect(op.complete({ outcome: 'done', reason })).rejects.toMatchObject({
      code: 'REDACT_PATTERN_SLOW',
      message: 'The search for secrets took too long in the redaction pattern /(a+)+$/gu.',
    })
    expect(await readFile(join(ops.root, op.path), 'utf8')).toBe(before)
    expect(await codeOf(ops.start({ ...REQUEST, request_text: reason }))).toBe(
      'REDACT_PATTERN_SLOW',
    )
    await op.complete({ outcome: 'done', reason, redact: false })
  })
})
