import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { DONE, openIn, REQUEST } from '../support/store.js'

// Names in which a pattern, a line or a path could go wrong. Windows allows few of them.
const PREFIXES = [
  ...[
    'a b',
    ' a',
    'a ',
    '!a',
    '#a',
    'a#b',
    'é',
    'e\u0301',
    'ß',
    '日本',
    '-a',
    '.a',
    'a.jsonl',
    '~a',
    '$a',
  ],
  ...[
    'a;b',
    "a'b",
    'a{b,c}',
    'a(b)',
    'a&b',
    'a%b',
    'a=b',
    'a,b',
    'a@{b}',
    'a^b',
    'a`b',
    'kitty-ops',
    'A',
    'a+b',
  ],
  ...(process.platform === 'win32'
    ? []
    : [
        '*',
        'a*b',
        '?',
        '[a]',
        'a[b',
        'a]b',
        'a\\b',
        '\\',
        '**',
        'a\nb',
        'a\rb',
        'a\tb',
        'a"b',
        'a:b',
        '\u0001',
      ]),
]

it.each(PREFIXES.map((name) => [JSON.stringify(name), name]))(
  'a record below %s is hidden exactly, and then committed',
  async (_, name) => {
    const repository = await newRepository()
    const root = join(repository.path, name)
    await mkdir(root)
    const ops = await openIn(root)
    const { id } = await ops.start(REQUEST)
    const other = join(root, 'kitty-ops', 'notes.txt')
    await writeFile(other, 'mine')
    await repository.git('add', '-A')
    const staged = await repository.git('diff', '--cached', '--name-only', '-z')
    expect(staged).toContain('notes.txt')
    expect(staged).not.toContain(id)
    expect((await ops.complete(id, DONE)).commit.status).toBe('committed')
    expect(await repository.git('status', '--porcelain', '-uall')).not.toContain(id)
  },
)
