import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, test } from 'vitest'
import { hintFor } from '../../packages/cli/src/command/hints.js'
import {
  DEFERRED_REASONS,
  ERROR_CODES,
  SYNC_REASONS,
} from '../../packages/record/src/base/error-codes.js'
import { PROBLEM_SEVERITIES } from '../../packages/record/src/parse/problems.js'

const PACKAGES = fileURLToPath(new URL('../../packages', import.meta.url))
/** They list codes, and use none. */
const LISTS = ['error-codes.ts', 'hints.ts']
/** A code of the operating system. */
const ERRNO = /^E[A-Z]+$/
/** What only looks for a code: a comparison, `hasCode`, or a set of codes. */
const SEARCH = /[!=]== '[^']*'|\bhasCode\([^)]*\)|\bnew Set\(\[[^\]]*\]\)/g
const COMMENT = /^ *(?:\/\/|\/?\*).*$/gm

const sources = readdirSync(PACKAGES)
  .flatMap((name) => {
    const folder = join(PACKAGES, name, 'src')
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !LISTS.includes(path.split(sep).at(-1) ?? ''))
      .map((path) => readFileSync(join(folder, path), 'utf8'))
  })
  .join('\n')
  .replaceAll(COMMENT, '')
  .replaceAll(SEARCH, '')

const matchesOf = (pattern: RegExp): readonly string[] =>
  [...sources.matchAll(pattern)].map(([, text = '']) => text)

const quoted = new Set(matchesOf(/'([\w-]+)'/g))

describe('every code', () => {
  it('that is thrown, or is in a result, is listed', () => {
    const made = [
      ...matchesOf(/(?:Error|\bsuper|\brefused?)\(\s*'([A-Z][A-Z0-9_]*)'/g),
      ...matchesOf(/\bcode: '([A-Z][A-Z0-9_]*)'/g),
    ].filter((code) => !ERRNO.test(code))
    expect(made.length).toBeGreaterThan(80)
    const known = [ERROR_CODES, PROBLEM_SEVERITIES]
    expect(made.filter((code) => !known.some((list) => Object.hasOwn(list, code)))).toEqual([])
  })

  it('that is listed is used', () => {
    expect(Object.keys(ERROR_CODES).filter((code) => !quoted.has(code))).toEqual([])
  })
})

const REASONS = { ...DEFERRED_REASONS, ...SYNC_REASONS }

describe('every reason of a deferred commit, or of a ledger that a sync left out,', () => {
  it('is listed', () => {
    const made = matchesOf(/\breason: '([a-z-]+)'/g)
    expect(made.length).toBeGreaterThan(10)
    const known = [...Object.keys(REASONS), 'no-repository', 'disabled', 'closed-beside']
    expect(made.filter((reason) => !known.includes(reason))).toEqual([])
  })

  it('that is listed is used', () => {
    expect(Object.keys(REASONS).filter((reason) => !quoted.has(reason))).toEqual([])
  })
})

const program = { bin: 'spec-kitty', topicSeparator: ' ', root: undefined }

test.each(Object.entries({ ...ERROR_CODES, ...REASONS }))(
  'what to do about %s is in one place',
  (code, entry) => {
    const action = 'action' in entry ? entry.action : ''
    const places = [action, hintFor(code, '', {}, program)].filter((text) => text !== '')
    expect(places).toHaveLength(1)
  },
)
