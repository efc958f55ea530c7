import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { newOpId } from '@kitty/record'
import { closedRecordText, newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { jsonIn, openIn, runIn } from '../support/in-process.js'

const OLD = '01K6ZP4W3M8Q2V5X7Y9A1B3C5D'
const at = (iso: string) => ({ now: new Date(iso) })

const threeOps = async () => {
  const { path } = await newRepository()
  const first = await openIn(path, ['do', 'one', '--wp', 'WP01'], at('2026-03-01T10:00:00Z'))
  const second = await openIn(path, ['ask', 'two', '--profile', 'p'], at('2026-03-02T10:00:00Z'))
  const closing = ['ops', 'complete', second, '--outcome', 'failed']
  await runIn(path, closing, at('2026-03-02T10:04:05Z'))
  const third = await openIn(path, ['do', 'three', '--actor', 'a'], at('2026-03-03T10:00:00Z'))
  return { path, first, second, third }
}

const legacyRecord = (id: string): string =>
  [
    {
      event: 'started',
      invocation_id: id,
      profile_id: 'p',
      action: 'a',
      started_at: '2026-01-01T00:00:00Z',
    },
    {
      event: 'completed',
      invocation_id: id,
      completed_at: '2026-01-01T00:01:00Z',
      outcome: null,
      action: '',
    },
  ]
    .map((event) => `${JSON.stringify(event)}\n`)
    .join('')

describe('ops list', () => {
  it('lists the newest first, aligned', async () => {
    const { path, first, second, third } = await threeOps()
    const { status, stdout } = await runIn(path, ['ops', 'list'], at('2026-03-03T12:00:00Z'))
    expect(status).toBe(0)
    expect(stdout.split('\n')).toEqual([
      'ID                          OUTCOME  OPENED   TOOK    PROFILE  ACTION  ACTOR     WP    REQUEST',
      `${third}  open     2h ago   -       generic  do      a         -     three`,
      `${second}  failed   26h ago  4m 05s  p        ask     operator  -     two`,
      `${first}  open     2d ago   -       generic  do      operator  WP01  one`,
      '',
    ])
  })

  it('prints the same in JSON', async () => {
    const { path, first, second, third } = await threeOps()
    const { json } = await jsonIn(path, ['ops', 'list'])
    expect(json).toEqual({
      ops: [
        expect.objectContaining({ invocation_id: third, status: 'open', actor: 'a' }),
        {
          invocation_id: second,
          status: 'closed',
          outcome: 'failed',
          profile_id: 'p',
          action: 'ask',
          actor: 'operator',
          request_excerpt: 'two',
          started_at: '2026-03-02T10:00:00.000Z',
          completed_at: '2026-03-02T10:04:05.000Z',
          duration_ms: 245_000,
          path: `kitty-ops/${second}.jsonl`,
        },
        expect.objectContaining({ invocation_id: first, wp_id: 'WP01' }),
      ],
    })
  })

  it('combines its filters', async () => {
    const { path, first, second, third } = await threeOps()
    const now = at('2026-03-03T12:00:00Z')
    const listed = async (...filters: string[]) => {
      const { stdout } = await runIn(path, ['ops', 'list', '--json', ...filters], now)
      return [...stdout.matchAll(/"invocation_id":"(\w+)"/g)].map(([, id]) => id)
    }
    expect(await listed('--status', 'open')).toEqual([third, first])
    expect(await listed('--status', 'open', '--wp', 'WP01')).toEqual([first])
    expect(await listed('--profile', 'p')).toEqual([second])
    expect(await listed('--actor', 'a')).toEqual([third])
    expect(await listed('--mission', OLD)).toEqual([])
    expect(await listed('--since', '27h')).toEqual([third, second])
    expect(await listed('--until', '27h')).toEqual([first])
    expect(await listed('--since', '2026-03-02T00:00Z', '--until', '2026-03-02T23:00Z')).toEqual([
      second,
    ])
    expect(await listed('-n', '2')).toEqual([third, second])
  })

  it('prints that there are more', async () => {
    const { path } = await threeOps()
    expect((await runIn(path, ['ops', 'list', '-n2'])).stdout).toContain(
      'Only the newest 2 Ops are shown. Use -n all to show all.',
    )
    expect((await runIn(path, ['ops', 'list', '-n3'])).stdout).not.toContain('more')
  })

  it('is limited by default only for people', async () => {
    const { path } = await newRepository()
    await mkdir(join(path, 'kitty-ops'))
    const ids = Array.from({ length: 41 }, (_, place) => newOpId(place + 1))
    for (const id of ids) {
      await writeFile(join(path, 'kitty-ops', `${id}.jsonl`), closedRecordText({ id }))
    }
    const stdout = async (...argv: string[]) => (await runIn(path, ['ops', ...argv])).stdout
    expect((await stdout('list')).split('\n')).toHaveLength(1 + 20 + 2)
    for (const format of ['--json', '--jsonl', '--csv', '-nall']) {
      const text = await stdout('list', format)
      expect(ids.filter((id) => text.includes(id))).toHaveLength(41)
    }
    expect((await stdout('list', '--jsonl', '-n3')).split('\n')).toHaveLength(3 + 1)
    const timeline = await stdout('timeline', '--json')
    expect(ids.filter((id) => timeline.includes(id))).toHaveLength(41)
    const drawn = await runIn(path, ['ops', 'timeline'])
    expect(drawn.stderr).toBe(
      'spec-kitty: Only the newest 40 Ops are shown. Use -n all to show all.\n',
    )
    const one = await runIn(path, ['ops', 'timeline', '-n1'])
    expect(one.stderr).toBe('spec-kitty: Only the newest Op is shown. Use -n all to show all.\n')
  })

  it('shortens ids before it drops columns', async () => {
    const { path, second } = await threeOps()
    const options = { terminal: true, columns: 80, variables: { NO_COLOR: '1' } }
    const { stdout } = await runIn(path, ['ops', 'list'], options)
    const [head = '', ...lines] = stdout.trimEnd().split('\n')
    expect(head).toMatch(/^ID +OUTCOME +OPENED +TOOK +PROFILE +ACTION /)
    expect(lines[1]).toMatch(/ 4m 05s +p +ask /)
    expect(lines[1]?.split(' ')[0]?.length).toBeLessThan(second.length)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
    const narrow = await runIn(path, ['ops', 'list'], { ...options, columns: 60 })
    expect(narrow.stdout).not.toContain('ACTION')
  })

  it('prints that there are no Ops', async () => {
    const { path } = await newRepository()
    expect((await runIn(path, ['ops', 'list'])).stdout).toMatch(/^No Ops here\. .*\n$/)
    expect((await jsonIn(path, ['ops', 'list'])).json).toEqual({ ops: [] })
  })

  it('sends escape sequences only to a terminal, and only if colours are on', async () => {
    const { path } = await threeOps()
    const outputs = await Promise.all([
      runIn(path, ['ops', 'list'], { terminal: true }),
      runIn(path, ['ops', 'list'], { terminal: true, variables: { NO_COLOR: '1' } }),
      runIn(path, ['ops', 'list'], { terminal: true, variables: { TERM: 'dumb' } }),
      runIn(path, ['ops', 'list']),
    ])
    expect(outputs.map(({ stdout }) => stdout.includes('\u001b['))).toEqual([
      true,
      false,
      false,
      false,
    ])
  })

  it('prints unknown if an older record has no outcome', async () => {
    const { path } = await threeOps()
    await writeFile(join(path, 'kitty-ops', `${OLD}.jsonl`), legacyRecord(OLD))
    expect((await runIn(path, ['ops', 'list'])).stdout).toMatch(new RegExp(`${OLD} +unknown +`))
  })

  it.each([
    ['a status that is none', ['--status', 'done'], 'USAGE'],
    ['a time that is none', ['--since', 'soon'], 'TIME_INVALID'],
    ['a number that is none', ['-n', 'many'], 'USAGE'],
    ['too small a number', ['-n', '0'], 'USAGE'],
    ['an argument', ['all'], 'ARGUMENT_UNEXPECTED'],
  ])('is wrong usage with %s', async (_, argv, code) => {
    const { path } = await newRepository()
    const { status, json } = await jsonIn(path, ['ops', 'list', ...argv])
    expect({ status, json }).toMatchObject({ status: 2, json: { error: { code } } })
    expect(JSON.stringify(json)).not.toContain('See more help')
  })
})

describe('ops show', () => {
  it('shows the record without git, without a commit', async () => {
    const { path, second } = await threeOps()
    const before = process.env.PATH
    try {
      process.env.PATH = path
      const { status, stdout, stderr } = await runIn(path, ['ops', 'show', second])
      expect(status).toBe(0)
      expect(stdout).toMatch(/committed +unknown/)
      expect(stderr.match(/git is not on the PATH/g)).toHaveLength(1)
      expect((await jsonIn(path, ['ops', 'show', second])).json).toMatchObject({ commit: null })
    } finally {
      process.env.PATH = before
    }
  })

  it('shows an Op and its events', async () => {
    const repository = await newRepository({ files: { 'a.md': 'a' } })
    const id = await openIn(repository.path, ['do', 'line one\nline two', '--model', 'm1'])
    const links = ['--artifact', 'a.md', '--commit', 'abcdef1', '--evidence', 'a.md']
    await runIn(repository.path, ['ops', 'complete', id, '--outcome', 'done', ...links])
    const { status, stdout } = await runIn(repository.path, ['ops', 'show', id.slice(0, 22)])
    expect(status).toBe(0)
    expect(stdout).toMatch(
      new RegExp(`^Op ${id}  done after .*\\n\\n  line one\\n  line two\\n\\n`),
    )
    for (const part of [
      'profile    generic',
      'mode       task_execution',
      'model      m1',
      'done      closed',
      `evidence   .kittify/evidence/${id}/a.md`,
      'artifact  a.md (file)',
      'commit    abcdef1',
      `committed  ${(await repository.head()).slice(0, 10)} op(generic): do [${id.slice(0, 8)}]`,
    ]) {
      expect(stdout).toContain(part)
    }
  })

  it('prints the same in JSON', async () => {
    const repository = await newRepository()
    const id = await openIn(repository.path)
    await runIn(repository.path, ['ops', 'complete', id, '--outcome', 'done'])
    const { json } = await jsonIn(repository.path, ['ops', 'show', id])
    expect(json).toMatchObject({
      op: { invocation_id: id, status: 'closed', outcome: 'done', path: `kitty-ops/${id}.jsonl` },
      events: [{ event: 'started' }, { event: 'completed' }],
      problems: [],
      commit: {
        sha: await repository.head(),
        subject: `op(generic): do [${id.slice(0, 8)}]`,
        branch: 'work',
      },
    })
  })

  it.each(['glossary_checked', 'unknown'])(
    'shows the unknown event %s as it is in the record',
    async (event) => {
      const { path } = await newRepository()
      const id = await openIn(path, ['do', 'x'], at('2026-03-01T10:00:00Z'))
      const other = { event, invocation_id: '?', at: '2026-03-01T10:01:00Z', name: 1, n: [null] }
      await appendFile(join(path, 'kitty-ops', `${id}.jsonl`), `${JSON.stringify(other)}\n`)
      const { json } = await jsonIn(path, ['ops', 'show', id])
      expect(json).toMatchObject({ events: [{ event: 'started' }, other], problems: [] })
      const { stdout } = await runIn(path, ['ops', 'show', id])
      expect(stdout).toContain(`+1m 00s  ${event}\n`)
    },
  )

  it('shows no commit of an open Op', async () => {
    const { path } = await newRepository()
    const id = await openIn(path)
    expect((await jsonIn(path, ['ops', 'show', id])).json).toMatchObject({
      op: { status: 'open' },
      commit: null,
    })
    const { stdout } = await runIn(path, ['ops', 'show', id])
    expect(stdout).not.toContain('committed')
  })

  it('shows that a closed Op is not committed', async () => {
    const { path } = await newRepository()
    await openIn(path)
    await writeFile(join(path, 'kitty-ops', `${OLD}.jsonl`), legacyRecord(OLD))
    const { stdout } = await runIn(path, ['ops', 'show', OLD])
    expect(stdout).toMatch(`Op ${OLD}  unknown`)
    expect(stdout).toContain('committed  no')
    expect(stdout).toContain('LEGACY_COMPLETION')
  })

  it('shows what can be read of a damaged record', async () => {
    const { path } = await newRepository()
    await openIn(path)
    await writeFile(join(path, 'kitty-ops', `${OLD}.jsonl`), 'no json\u001b[2J\n')
    const { status, stdout } = await runIn(path, ['ops', 'show', OLD])
    expect(status).toBe(0)
    expect(stdout).toContain(`Op ${OLD}  unreadable`)
    expect(stdout).toContain('NOT_JSON')
    expect(stdout).not.toContain('\u001b')
    expect((await jsonIn(path, ['ops', 'show', OLD])).json).toMatchObject({
      op: { invocation_id: OLD, status: 'unreadable', path: `kitty-ops/${OLD}.jsonl` },
    })
  })

  it('shows hostile text as text', async () => {
    const { path } = await newRepository()
    const id = await openIn(path, ['do', 'a\u001b]0;owned\u0007\u202eb', '--no-redact'])
    const { stdout } = await runIn(path, ['ops', 'show', id])
    expect(stdout).toContain('a\\u001b]0;owned\\u0007\\u202eb')
    const { stdout: json } = await runIn(path, ['ops', 'show', id, '--json'])
    for (const obeyed of ['\u001b', '\u0007', '\u202e']) expect(json).not.toContain(obeyed)
    expect(JSON.parse(json)).toMatchObject({
      events: [{ request_text: 'a\u001b]0;owned\u0007\u202eb' }],
    })
  })

  it('fails if there is no such Op', async () => {
    const { path } = await newRepository()
    const { status, stdout, stderr } = await runIn(path, ['ops', 'show', '7ZZ'])
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^spec-kitty: .*7ZZ.*\n {2}.*\n$/)
  })
})

describe('ops validate', () => {
  it('prints for each file whether it is valid, and its problems', async () => {
    const { path, first } = await threeOps()
    const record = `kitty-ops/${first}.jsonl`
    await writeFile(join(path, 'bad.jsonl'), '{"event":"started"}\nno json\n')
    const argv = ['ops', 'validate', record, 'bad.jsonl', 'none.jsonl', 'kitty-ops/ops-index.jsonl']
    const { status, stdout, stderr } = await runIn(path, argv)
    expect(status).toBe(1)
    expect(stdout).toContain(`valid  ${record} (open)\n`)
    expect(stdout).toContain('invalid  bad.jsonl (unreadable)\n  line 1: error EVENT_INVALID:')
    expect(stdout).toContain(
      'invalid  none.jsonl (unreadable)\n  error FILE_NOT_READABLE: no such file (ENOENT)',
    )
    expect(stdout).toMatch(/1 valid, 2 invalid\n$/)
    expect(stderr).toBe('spec-kitty: kitty-ops/ops-index.jsonl is not a record.\n')
  })

  it('prints the same in JSON', async () => {
    const { path, first } = await threeOps()
    const record = `kitty-ops/${first}.jsonl`
    expect(await jsonIn(path, ['ops', 'validate', record])).toEqual({
      status: 0,
      json: { files: [{ path: record, status: 'open', problems: [] }], valid: 1, invalid: 0 },
      stderr: '',
    })
  })

  it('reads standard input if no file or - is named', async () => {
    const { path, first } = await threeOps()
    const stdin = await readFile(join(path, 'kitty-ops', `${first}.jsonl`), 'utf8')
    for (const argv of [
      ['ops', 'validate'],
      ['ops', 'validate', '-'],
    ]) {
      expect(await jsonIn(path, argv, { stdin })).toMatchObject({
        status: 0,
        json: { files: [{ path: '-', status: 'open' }] },
      })
    }
    const { stderr } = await runIn(path, ['ops', 'validate'], { stdin, terminal: true })
    expect(stderr).toContain('Ctrl-D')
  })

  it('compares a record with the id in its name', async () => {
    const { path, first } = await threeOps()
    const text = await readFile(join(path, 'kitty-ops', `${first}.jsonl`))
    await writeFile(join(path, `${OLD}.jsonl`), text)
    expect(await jsonIn(path, ['ops', 'validate', `${OLD}.jsonl`])).toMatchObject({
      status: 1,
      json: {
        invalid: 1,
        files: [{ problems: [{ code: 'ID_MISMATCH', severity: 'error' }, { code: 'NO_STARTED' }] }],
      },
    })
  })

  it('checks the records in a folder, including archived ones', async () => {
    const { path, first, second, third } = await threeOps()
    const archive = join(path, 'kitty-ops', 'archive', '2026-03')
    await mkdir(archive, { recursive: true })
    const [hot, cold] = [
      join(path, 'kitty-ops', `${second}.jsonl`),
      join(archive, `${second}.jsonl`),
    ]
    await rename(hot, cold)
    // Other files in the root are not records.
    await mkdir(join(path, 'archive'))
    await writeFile(join(path, 'archive', 'data.jsonl'), 'data\n')
    await writeFile(join(path, 'data.jsonl'), 'data\n')
    const archived = `kitty-ops/archive/2026-03/${second}.jsonl`
    const expected = {
      status: 0,
      stderr: '',
      json: {
        files: [`kitty-ops/${first}.jsonl`, `kitty-ops/${third}.jsonl`, archived].map((file) => ({
          path: expect.stringContaining(file),
        })),
        valid: 3,
      },
    }
    for (const folder of ['kitty-ops', '.', path]) {
      const run = await jsonIn(path, ['ops', 'validate', folder])
      expect(run).toMatchObject(expected)
    }
    const empty = await runIn(await tempFolder(), ['ops', 'validate', '.'])
    expect(empty).toMatchObject({ status: 0, stderr: 'spec-kitty: . contains no records.\n' })
  })

  it('accepts a month in the archive with a five-digit year', async () => {
    const { path, first } = await threeOps()
    const archived = `kitty-ops/archive/+010889-08/${first}.jsonl`
    await mkdir(join(path, dirname(archived)), { recursive: true })
    await rename(join(path, 'kitty-ops', `${first}.jsonl`), join(path, archived))
    const { json } = await jsonIn(path, ['ops', 'validate', '.'])
    expect(json).toMatchObject({ valid: 3, files: [{}, {}, { path: archived }] })
  })

  it('accepts older records', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, `${OLD}.jsonl`), legacyRecord(OLD))
    expect(await jsonIn(folder, ['ops', 'validate', `${OLD}.jsonl`])).toMatchObject({
      status: 0,
      json: { valid: 1, files: [{ status: 'closed', problems: [{ code: 'LEGACY_COMPLETION' }] }] },
    })
  })
})

describe('ops schema', () => {
  it('is a JSON Schema, the same in both forms', async () => {
    const folder = await tempFolder()
    const { status, stdout } = await runIn(folder, ['ops', 'schema'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
    })
    expect((await jsonIn(folder, ['ops', 'schema'])).json).toEqual(JSON.parse(stdout))
  })
})

describe('ops reindex', () => {
  it('rebuilds the index, and prints its number of rows', async () => {
    const { path } = await threeOps()
    const index = join(path, 'kitty-ops', 'ops-index.jsonl')
    await runIn(path, ['ops', 'reindex'])
    const before = await readFile(index, 'utf8')
    await writeFile(index, '<<<<<<< conflict\n')
    expect(await runIn(path, ['ops', 'reindex'])).toEqual({
      status: 0,
      stdout: 'Rebuilt kitty-ops/ops-index.jsonl: 1 row.\n',
      stderr: '',
    })
    expect(await readFile(index, 'utf8')).toBe(before)
    expect((await jsonIn(path, ['ops', 'reindex'])).json).toEqual({
      result: 'success',
      rows: 1,
      path: 'kitty-ops/ops-index.jsonl',
    })
  })

  it('takes the index out of a branch that tracks it, in one commit', async () => {
    const repository = await newRepository()
    const { path } = repository
    const id = await openIn(path, ['do', 'one'])
    await runIn(path, ['ops', 'complete', id, '--outcome', 'done'])
    const untracked = await runIn(path, ['ops', 'reindex', '--untrack'])
    expect(untracked).toMatchObject({
      status: 0,
      stdout: 'The branch does not track kitty-ops/ops-index.jsonl.\n',
    })
    await runIn(path, ['ops', 'reindex'])
    await repository.git('add', '--force', 'kitty-ops/ops-index.jsonl')
    await repository.git('commit', '--quiet', '-m', 'The index')
    const { stdout } = await runIn(path, ['ops', 'reindex', '--untrack'])
    const sha = (await repository.head()).slice(0, 10)
    expect(stdout).toBe(`Took kitty-ops/ops-index.jsonl out of the branch, committed as ${sha}.\n`)
    await repository.git('checkout', '--quiet', '--detach')
    const { status, json } = await jsonIn(path, ['ops', 'reindex', '--untrack'])
    expect([status, json]).toMatchObject([
      1,
      { result: 'failure', commit: { status: 'deferred', reason: 'detached-head' } },
    ])
  })

  it('has no rows if there are no Ops', async () => {
    const { path } = await newRepository()
    expect((await runIn(path, ['ops', 'reindex'])).stdout).toContain('No closed Op is here')
  })
})
