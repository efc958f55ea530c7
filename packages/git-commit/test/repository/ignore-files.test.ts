import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headTreeOf, NO_HEAD_TREE } from '../../src/repository/head-tree.js'
import { findIgnored, mayBeIgnored } from '../../src/repository/ignore.js'
import { withEnv } from '../support/with-env.js'

const PATH = 'pre fix/kitty-ops/01K6ZP4WQ0000000000000000A.jsonl'

// What rules consist of: words that match and others, stars, blanks, negation and comment characters.
const PIECE = fc.constantFrom(
  ...[
    'kitty-ops',
    'KITTY-OPS',
    'pre fix',
    '*.jsonl',
    '*.log',
    '01K*',
    '**',
    '*',
    '?',
    '[0-9]*',
    'dist',
  ],
  ...[
    'node_modules',
    '\\*',
    ' ',
    '#',
    '!',
    '.jsonl',
    'A.jsonl',
    'kitty-ops/',
    '/kitty-ops',
    'a*b*c',
  ],
)
const RULE = fc
  .tuple(
    fc.constantFrom('', '!', '/', '#', ' '),
    fc.array(PIECE, { maxLength: 3 }),
    fc.constantFrom('', '/', ' ', '\r'),
  )
  .map(([start, pieces, end]) => `${start}${pieces.join('/')}${end}`)
const FILE = fc.array(RULE, { maxLength: 4 }).map((rules) => `${rules.join('\n')}\n`)
const PLACES = [
  '.gitignore',
  'pre fix/.gitignore',
  'pre fix/kitty-ops/.gitignore',
  '.git/info/exclude',
]

const factsWith = (config: ReadonlyMap<string, string>) =>
  ({ author: '', committer: '', objectFormat: 'sha1', config }) as const

describe('a path that git need not check', () => {
  it('is never ignored by git', async () => {
    const repository = await newRepository({ files: { 'pre fix/kitty-ops/x': '' } })
    const workTree = {
      top: repository.path,
      gitDir: join(repository.path, '.git'),
      commonDir: join(repository.path, '.git'),
    }
    const property = fc.asyncProperty(
      fc.constantFrom(...PLACES),
      FILE,
      fc.boolean(),
      async (place, text, hasMark) => {
        for (const other of PLACES) await repository.write(other, '')
        await repository.write(place, hasMark ? `\uFEFF${text}` : text)
        const sources = { workTree, head: NO_HEAD_TREE, repoConfig: factsWith(new Map()) }
        if (mayBeIgnored(sources, [PATH])) return
        expect(await findIgnored(repository.path, [PATH])).toEqual({ ok: true, value: new Map() })
      },
    )
    await fc.assert(property, { numRuns: 60 })
  })

  it('is not affected by most common rules', async () => {
    const { path } = await newRepository({
      files: { '.gitignore': 'node_modules/\n*.log\n/dist\n.env*\n# kitty-ops\n!kitty-ops/\n' },
    })
    const workTree = { top: path, gitDir: join(path, '.git'), commonDir: join(path, '.git') }
    const sources = { workTree, head: NO_HEAD_TREE, repoConfig: factsWith(new Map()) }
    expect(mayBeIgnored(sources, ['kitty-ops/01K6ZP4WQ0000000000000000A.jsonl'])).toBe(false)
  })

  it('must be checked if rules are not on disk, or only git finds them', async () => {
    const { path } = await newRepository()
    const workTree = { top: path, gitDir: join(path, '.git'), commonDir: join(path, '.git') }
    const entry = Buffer.concat([Buffer.from('100644 .gitignore\0'), Buffer.alloc(20)])
    const sparse = headTreeOf(new Map([['', entry]]), 20)
    const relative = factsWith(new Map([['core.excludesfile', 'mine']]))
    const repoConfig = factsWith(new Map())
    expect(mayBeIgnored({ workTree, head: sparse, repoConfig }, ['kitty-ops/x'])).toBe(true)
    expect(
      mayBeIgnored({ workTree, head: NO_HEAD_TREE, repoConfig: relative }, ['kitty-ops/x']),
    ).toBe(true)
  })

  it('counts the rules of the user for all repositories', async () => {
    const { path } = await newRepository()
    const workTree = { top: path, gitDir: join(path, '.git'), commonDir: join(path, '.git') }
    const home = await tempFolder()
    await writeFile(join(home, 'rules'), 'kitty-ops\n')
    const repoConfig = factsWith(new Map([['core.excludesfile', '~/rules']]))
    const suspect = await withEnv({ HOME: home }, async () =>
      mayBeIgnored({ workTree, head: NO_HEAD_TREE, repoConfig }, ['kitty-ops/x']),
    )
    expect(suspect).toBe(true)
  })
})
