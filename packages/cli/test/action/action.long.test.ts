import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { newRepository, type Repository } from '@kitty/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Api, readAction, runAction, startApi } from '../support/github.js'
import { jsonIn, openIn } from '../support/in-process.js'

const TOKEN = 'a-token-of-the-job'
const MARKER = '<!-- spec-kitty Ops: this comment is replaced -->'

const closed = async (path: string, request: string): Promise<string> => {
  const id = await openIn(path, ['do', request])
  await jsonIn(path, ['ops', 'complete', id, '--outcome', 'done', '--reason', request])
  return id
}

/** A repository with an Op on the base, and one on the branch. */
const withPull = async () => {
  const repository = await newRepository()
  await closed(repository.path, 'Olden times')
  const base = await repository.head()
  const id = await closed(repository.path, 'Ask @octocat about #1')
  return { repository, base, id }
}

const pullOf = (base: string, head = 'octo/repo') => ({
  pull_request: {
    number: 7,
    base: { sha: base, repo: { full_name: 'octo/repo' } },
    head: { repo: { full_name: head } },
  },
})

/** Breaks the record that was committed last. */
const damage = async ({ write, read, git }: Repository, id: string): Promise<void> => {
  const path = `kitty-ops/${id}.jsonl`
  await write(path, (await read(path)).replace('"done"', '"failed"'))
  await git('commit', '--quiet', '--all', '-m', 'Tamper')
}

describe.skipIf(process.platform === 'win32')('the action (its shell is bash)', () => {
  let api: Api
  beforeEach(async () => {
    api = await startApi(TOKEN)
  })
  afterEach(() => api.close())

  const run = (workspace: string, event: unknown, inputs: Readonly<Record<string, string>> = {}) =>
    runAction({ workspace, event, api, token: TOKEN, inputs })

  it('checks, writes the summary, and keeps one comment up to date', async () => {
    const { repository, base } = await withPull()
    const { path } = repository
    const first = await run(path, pullOf(base))
    expect([first.status, first.log]).toEqual([0, expect.not.stringContaining('::error')])
    expect(first.summary).toMatch(/^✅ \*\*No violations\*\*: 1 record and \d+ commits? checked\./)
    expect(first.summary).toContain('**1 Op**: 1 done')
    expect(first.summary).not.toContain('Olden times')
    expect(first.outputs).toEqual({
      ok: 'true',
      ops: '1',
      'comment-url': 'https://github.com/octo/repo/pull/7#issuecomment-1000',
    })
    expect(api.comments).toHaveLength(1)
    expect(api.comments[0]?.body).toBe(`${MARKER}\n${first.summary.trimEnd()}\n`)
    await closed(path, 'Another one')
    const again = await run(path, pullOf(base))
    expect(again.outputs.ops).toBe('2')
    expect(api.comments.map(({ body }) => body.includes('Another one'))).toEqual([true])
    expect(api.requests.map((request) => request.split(' ')[0])).toEqual([
      'GET',
      'POST',
      'GET',
      'PATCH',
    ])
  })

  it('finds its comment behind many others, and takes none of a person', async () => {
    const { repository, base } = await withPull()
    const html_url = ''
    const others = Array.from({ length: 150 }, (_, id) => ({
      id,
      body: `${MARKER}\nnot really`,
      user: { type: 'User' },
      html_url,
    }))
    api.comments.push(...others, { id: 500, body: MARKER, user: { type: 'Bot' }, html_url })
    await run(repository.path, pullOf(base))
    expect(api.requests.at(-1)).toBe('PATCH /repos/octo/repo/issues/comments/500')
    expect(api.comments.slice(0, 150)).toEqual(others)
  })

  it('fails if there is a violation, and says which', async () => {
    const { repository, base, id } = await withPull()
    await damage(repository, id)
    const { status, log, summary, outputs } = await run(repository.path, pullOf(base))
    expect([status, outputs.ok]).toEqual([1, 'false'])
    expect(log).toMatch(new RegExp(`^::error title=spec-kitty Ops::.*${id}`, 'm'))
    expect(summary).toMatch(/^❌ \*\*\d+ violations?\*\*/)
    expect(api.comments[0]?.body).toContain('❌')
    const off = await run(repository.path, pullOf(base), { verify: 'false', comment: 'false' })
    expect([off.status, off.summary]).toEqual([0, expect.not.stringContaining('violation')])
  })

  it.each([
    ['octo/repo', 'give the job the permission pull-requests: write'],
    ['somebody/fork', 'comes from a fork, whose token cannot comment'],
  ])('with a token of %s that may only read, the report is in the summary', async (head, why) => {
    const { repository, base } = await withPull()
    api.denied = 403
    const { status, log, summary, outputs } = await run(repository.path, pullOf(base, head))
    expect([status, outputs['comment-url'], api.comments]).toEqual([0, '', []])
    expect(log).toMatch(new RegExp(`^::notice title=spec-kitty Ops::.*${why}`, 'm'))
    expect(summary).toContain('**1 Op**')
  })

  it('does not fail if GitHub does not answer, or there is no token', async () => {
    const { repository, base } = await withPull()
    api.denied = 500
    const broken = await run(repository.path, pullOf(base))
    expect([broken.status, broken.log]).toEqual([0, expect.stringContaining('GitHub answered 500')])
    const without = await run(repository.path, pullOf(base), { token: '' })
    expect([without.status, without.log]).toEqual([0, expect.stringContaining('There is no token')])
    await api.close()
    const gone = await run(repository.path, pullOf(base))
    expect([gone.status, gone.log]).toEqual([0, expect.stringContaining('could not be written')])
    api = await startApi(TOKEN)
  })

  it('takes what was pushed, or the whole branch, and comments nowhere', async () => {
    const { repository, base } = await withPull()
    const pushed = await run(repository.path, { before: base })
    expect(pushed.outputs).toEqual({ ok: 'true', ops: '1', 'comment-url': '' })
    const whole = await run(repository.path, { before: '0'.repeat(40) })
    expect(whole.outputs.ops).toBe('2')
    expect((await run(repository.path, 'nonsense')).outputs.ops).toBe('2')
    expect(api.requests).toEqual([])
  })

  it('fails if it cannot check, as without the history', async () => {
    const { repository } = await withPull()
    const { status, log, summary } = await run(repository.path, pullOf('1'.repeat(40)))
    expect([status, log]).toEqual([1, expect.stringContaining('could not be checked')])
    expect(summary).toContain('could not be checked')
  })

  it('gives hostile values to no shell, and hostile texts no say over the runner', async () => {
    const { repository, base } = await withPull()
    const { path, write } = repository
    await closed(path, '::set-output name=x::y\n::error::boo\n##[error]boo')
    const hostile = `$(touch ${join(path, 'touched')});\`touch touched\`"'`
    const ran = await run(path, pullOf(base), { since: hostile })
    expect(ran.status).toBe(1)
    expect((await repository.statusPorcelain()).join()).not.toContain('touched')
    await write('kitty-ops/::error::x.jsonl', 'x')
    const { log } = await run(path, pullOf(base), { since: '--help' })
    expect(log).not.toMatch(/^\s*::(?:set-output|error::)/m)
    const event = { pull_request: { number: '7/../../evil', base: { sha: '$(id)' } } }
    expect((await run(path, event)).outputs['comment-url']).toBe('')
  })
})

describe('action.yml', () => {
  it('is composite, gives values by the environment alone, and keeps the token to itself', () => {
    const { runs } = readAction()
    expect(runs.using).toBe('composite')
    for (const { run, shell } of runs.steps) {
      expect([run, shell]).toEqual([expect.not.stringContaining('${{'), 'bash'])
    }
    const path = new URL('../../../../action/program.mjs', import.meta.url)
    expect(readFileSync(path, 'utf8')).toContain('GITHUB_TOKEN: _')
  })
})
