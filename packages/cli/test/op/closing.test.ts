import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { runBuilt } from '../support/built.js'
import { jsonIn, openIn, runIn } from '../support/in-process.js'
import { ledgerTip } from '../support/ledger.js'

const eventsOf = async (repository: Repository, id: string): Promise<unknown[]> =>
  (await repository.read(`kitty-ops/${id}.jsonl`))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('closing an Op', () => {
  it('commits its record, and prints three lines', async () => {
    const repository = await newRepository()
    const id = await openIn(repository.path)
    const argv = ['ops', 'complete', id, '--outcome', 'done']
    const { status, stdout, stderr } = await runIn(repository.path, argv)
    const sha = (await repository.head()).slice(0, 10)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(`^Closed  ${id}  done after [0-9.]+ m?s$`),
      `Record  kitty-ops/${id}.jsonl`,
      `Commit  committed as ${sha}  op(generic): do [${id.slice(0, 8)}]`,
      '',
    ])
  })

  it.each([
    ['ops complete', (id: string) => ['ops', 'complete', id], {}],
    [
      'profile-invocation complete',
      (id: string) => ['profile-invocation', 'complete', '--invocation-id', id],
      { evidence_ref: null, artifact_links: [], commit_link: null },
    ],
  ])('%s says the same in JSON', async (_, command, more) => {
    const repository = await newRepository()
    const id = await openIn(repository.path)
    const argv = [...command(id), '--outcome', 'failed']
    const { status, json, stderr } = await jsonIn(repository.path, argv)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(json).toEqual({
      ...more,
      result: 'success',
      invocation_id: id,
      outcome: 'failed',
      closed_by: 'agent',
      path: `kitty-ops/${id}.jsonl`,
      commit: {
        status: 'committed',
        sha: await repository.head(),
        ledger: { status: 'committed', sha: await ledgerTip(repository) },
      },
    })
  })

  it('finds the Op by a prefix of its id, also in lower case', async () => {
    const { path } = await newRepository()
    const id = await openIn(path)
    const argv = ['ops', 'complete', id.slice(0, 20).toLowerCase(), '--outcome', 'done']
    expect(await jsonIn(path, argv)).toMatchObject({ status: 0, json: { invocation_id: id } })
  })

  it('resolves paths against the current folder', async () => {
    const repository = await newRepository({ files: { 'docs/report.md': 'well done\n' } })
    const id = await openIn(repository.path)
    const links = ['--artifact', 'report.md', '--artifact', 'https://example.org/1']
    const flags = ['--evidence', 'report.md', ...links, '--commit', 'ABCDEF1', '--outcome', 'done']
    const docs = join(repository.path, 'docs')
    expect(await jsonIn(docs, ['ops', 'complete', ...flags, id])).toMatchObject({ status: 0 })
    expect(await eventsOf(repository, id)).toMatchObject([
      { event: 'started' },
      { event: 'artifact_link', kind: 'file', ref: 'docs/report.md' },
      { event: 'artifact_link', ref: 'https://example.org/1' },
      { event: 'commit_link', sha: 'abcdef1' },
      { event: 'completed', evidence_ref: `.kittify/evidence/${id}/report.md` },
    ])
  })

  it('links the commit that a revision means, by its full id', async () => {
    const repository = await newRepository()
    const first = await repository.head()
    await repository.write('a.txt', 'a\n')
    const second = await repository.commit('Second commit')
    const id = await openIn(repository.path)
    const links = ['--commit', 'HEAD', '--commit', first.slice(0, 8).toUpperCase()]
    const argv = ['ops', 'complete', id, '--outcome', 'done', ...links]
    expect(await jsonIn(repository.path, argv)).toMatchObject({ status: 0, stderr: '' })
    expect((await eventsOf(repository, id)).slice(1, 3)).toMatchObject([
      { sha: second },
      { sha: first },
    ])
  })

  it('links the commit of the work, although each close moves HEAD', async () => {
    const repository = await newRepository()
    const { path } = repository
    const work = await repository.head()
    const [first, second] = [await openIn(path), await openIn(path)]
    const closing = (id: string, revision: string) =>
      jsonIn(path, ['ops', 'complete', id, '--outcome', 'done', '--commit', revision])
    for (const id of [first, second]) {
      expect(await closing(id, 'HEAD')).toMatchObject({ status: 0, stderr: '' })
      expect((await eventsOf(repository, id))[1]).toMatchObject({ event: 'commit_link', sha: work })
      expect(await closing(id, 'HEAD')).toMatchObject({ status: 0, json: { already: true } })
      expect(await closing(id, 'work')).toMatchObject({ status: 0, json: { already: true } })
    }
    const third = await openIn(path)
    const typed = (await repository.head()).slice(0, 12)
    expect(await closing(third, typed)).toMatchObject({ status: 0 })
    expect((await eventsOf(repository, third))[1]).toMatchObject({
      sha: expect.stringMatching(typed),
    })
  })

  it('refuses a revision that leads only to commits of Ops', async () => {
    const { path } = await newRepository({ unborn: true })
    const close = async (id: string, ...more: readonly string[]) =>
      jsonIn(path, ['ops', 'complete', id, '--outcome', 'done', ...more])
    await close(await openIn(path))
    const id = await openIn(path)
    expect(await close(id, '--commit', 'HEAD')).toMatchObject({
      status: 2,
      json: {
        error: { code: 'CLOSING_INVALID', message: expect.stringContaining('"HEAD"') },
      },
    })
    expect(await close(id)).toMatchObject({ status: 0 })
  })

  it('names the trouble with git, not the revision, if git cannot look it up', async () => {
    const { path } = await newRepository()
    const id = await openIn(path)
    const close = ['ops', 'complete', id, '--outcome', 'done', '--commit', 'HEAD']
    const withoutGit = await runBuilt(path, ['--json', ...close], {
      variables: { PATH: path, Path: path },
    })
    expect(withoutGit.status).toBe(1)
    expect(JSON.parse(withoutGit.stdout)).toMatchObject({
      error: {
        code: 'GIT_NOT_STARTED',
        message: '--commit: "HEAD" cannot be looked up. git is not on the PATH.',
        hint: expect.stringContaining('Nothing was written.'),
      },
    })
    const outside = await tempFolder()
    const other = await openIn(outside)
    const argv = ['ops', 'complete', other, '--outcome', 'done', '--commit', 'HEAD']
    expect(await jsonIn(outside, argv)).toMatchObject({
      status: 1,
      json: { error: { code: 'NO_REPOSITORY' } },
    })
  })

  it('names the usage that says nothing', async () => {
    const { path } = await newRepository()
    const id = await openIn(path)
    const argv = ['ops', 'complete', id, '--outcome', 'done', '--usage', '{}']
    const message = expect.stringMatching(/^The Op cannot be closed: usage: must have /)
    expect(await jsonIn(path, argv)).toMatchObject({ status: 2, json: { error: { message } } })
  })

  it('links once what is named twice, and refuses an empty artifact, which would be the project itself', async () => {
    const repository = await newRepository()
    const id = await openIn(repository.path)
    const links = ['--commit', 'HEAD', '--commit', await repository.head()]
    const argv = ['ops', 'complete', id, '--outcome', 'done', ...links, '--artifact', 'a.txt']
    const refused = await jsonIn(repository.path, [...argv, '--artifact', ''])
    expect(refused).toMatchObject({ status: 2, json: { error: { code: 'CLOSING_INVALID' } } })
    expect((await runIn(repository.path, [...argv, '--artifact', './a.txt'])).status).toBe(0)
    const events = (await eventsOf(repository, id)) as readonly { readonly event: string }[]
    const found = events.map(({ event }) => event)
    expect(found).toEqual(['started', 'artifact_link', 'commit_link', 'completed'])
  })

  it('warns of an unknown commit, and of a missing artifact', async () => {
    const repository = await newRepository()
    const id = await openIn(repository.path)
    const links = ['--commit', 'abcdef1', '--artifact', 'none.txt']
    const argv = ['ops', 'complete', id, '--outcome', 'done', ...links]
    const { status, json, stderr } = await jsonIn(repository.path, argv)
    const notes = [
      expect.stringContaining('none.txt'),
      'git does not know the commit abcdef1 here.',
    ]
    expect({ status, json }).toMatchObject({ status: 0, json: { notes } })
    expect(stderr).toContain('warning: git does not know the commit abcdef1 here.')
    const outside = await tempFolder()
    const other = await openIn(outside)
    const close = ['ops', 'complete', other, '--outcome', 'done', '--commit', 'abcdef1']
    expect(await runIn(outside, close)).toMatchObject({ status: 0, stderr: '' })
  })

  it('is refused a second time, with the commit in the error', async () => {
    const repository = await newRepository()
    const id = await openIn(repository.path)
    await runIn(repository.path, ['ops', 'complete', id, '--outcome', 'done'])
    const argv = ['ops', 'complete', id, '--outcome', 'failed']
    expect(await jsonIn(repository.path, argv)).toMatchObject({
      status: 1,
      json: {
        error: { code: 'ALREADY_CLOSED' },
        commit: { status: 'committed', sha: await repository.head() },
      },
    })
    const { status, stdout, stderr } = await runIn(repository.path, argv)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr.split('\n')).toHaveLength(3)
  })

  it('has the same answer if it is repeated', async () => {
    const repository = await newRepository()
    const id = await openIn(repository.path)
    const argv = ['ops', 'complete', id, '--outcome', 'done', '--reason', 'It was the clock.']
    const { json: first } = await jsonIn(repository.path, argv)
    const { status, json, stderr } = await jsonIn(repository.path, argv)
    const notes = ['The Op was already closed in the same way. Nothing was changed.']
    expect({ status, json }).toMatchObject({ status: 0, json: { already: true, notes } })
    expect(json).toMatchObject(first ?? {})
    expect(stderr).toContain(notes[0])
    const other = await jsonIn(repository.path, [...argv.slice(0, -1), 'It was the disk.'])
    expect(other).toMatchObject({ status: 1, json: { error: { code: 'ALREADY_CLOSED' } } })
  })

  it('uses the patterns of the project, and names kind and line of a secret in evidence', async () => {
    const repository = await newRepository()
    const config = "ops:\n  redact_patterns:\n    - '/acme-[0-9]{4}/i'\n"
    await repository.write('.kittify/config.yaml', config)
    const started = await jsonIn(repository.path, ['do', 'Use ACME-1234', '--json'])
    expect(started.json).toMatchObject({ redacted: 1 })
    const id = await openIn(repository.path)
    await repository.write('log.txt', 'fine\nacme-1234\n')
    const argv = ['ops', 'complete', id, '--outcome', 'done', '--evidence', 'log.txt']
    const { status, stderr } = await runIn(repository.path, argv)
    expect(status).toBe(1)
    expect(stderr).toContain('contain a secret: custom on line 2.')
    expect(stderr).not.toContain('acme-1234')
    await repository.write('.kittify/config.yaml', "ops: {redact_patterns: ['(a+)+$']}\n")
    const reason = `${'a'.repeat(100)}b`
    const slow = await jsonIn(repository.path, [...argv.slice(0, 5), '--reason', reason, '--json'])
    expect(slow.json).toMatchObject({
      error: {
        code: 'REDACT_PATTERN_SLOW',
        hint: expect.stringContaining('ops.redact_patterns in .kittify/config.yaml'),
      },
    })
  })

  it('records the reason, without its secrets', async () => {
    const repository = await newRepository()
    const id = await openIn(repository.path)
    const reason = 'The token ghp_0123456789abcdefghijABCDEFGHIJ012345\nhad expired.'
    const argv = ['ops', 'complete', id, '--outcome', 'failed', '--reason', reason]
    const { stderr } = await runIn(repository.path, argv)
    expect(stderr).toContain('A secret in the reason was replaced')
    const text = 'The token [REDACTED:github-token]\nhad expired.'
    expect(await eventsOf(repository, id)).toMatchObject([{}, { event: 'note', text }, {}])
    const { stdout } = await runIn(repository.path, ['ops', 'show', id])
    expect(stdout).toContain('\nReason\n  The token [REDACTED:github-token]\n  had expired.\n')
    const list = await runIn(repository.path, ['ops', 'list', '--columns', 'outcome,reason'])
    expect(list.stdout).toContain('failed   The token [REDACTED:github-token]')
    await runIn(repository.path, ['ops', 'report', '--output', 'report.html'])
    expect(await repository.read('report.html')).toContain('The token [REDACTED:github-token]')
  })

  it('succeeds with a warning if git is busy', async () => {
    const repository = await newRepository()
    const id = await openIn(repository.path)
    await repository.git('checkout', '--quiet', '--detach')
    const argv = ['ops', 'complete', id, '--outcome', 'done']
    const { status, json, stderr } = await jsonIn(repository.path, argv)
    expect({ status, json }).toMatchObject({
      status: 0,
      json: { result: 'success', commit: { status: 'deferred', reason: 'detached-head' } },
    })
    expect(stderr).toMatch(
      /^spec-kitty: warning: .*not committed yet \(detached-head\): .*\n {2}.*\n$/,
    )
  })

  it('then fails if a commit is required', async () => {
    const repository = await newRepository()
    const id = await openIn(repository.path)
    await repository.git('checkout', '--quiet', '--detach')
    const argv = ['ops', 'complete', id, '--outcome', 'done', '--require-commit']
    expect(await runIn(repository.path, argv)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('not committed yet'),
    })
  })

  it('works without git', async () => {
    const folder = await tempFolder()
    const id = await openIn(folder)
    const argv = ['ops', 'complete', id, '--outcome', 'abandoned']
    const { status, stdout, stderr } = await runIn(folder, argv)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('not committed: this is not a git repository')
  })

  it('prints a note if the record was rebuilt', async () => {
    const repository = await newRepository()
    const id = await openIn(repository.path)
    await repository.git('clean', '-fdx', 'kitty-ops')
    const argv = ['ops', 'complete', id, '--outcome', 'done']
    const { json, stderr } = await jsonIn(repository.path, argv)
    expect(json).toMatchObject({ notes: [expect.stringContaining('restored from the start note')] })
    expect(stderr).toContain('restored from the start note')
  })

  it.each([
    ['no outcome', ['ops', 'complete', 'ID'], 'ARGUMENT_MISSING'],
    ['an outcome that is none', ['ops', 'complete', 'ID', '--outcome', 'ok'], 'USAGE'],
    [
      'a commit that is none',
      ['ops', 'complete', 'ID', '--outcome', 'done', '--commit', 'x'],
      'CLOSING_INVALID',
    ],
  ])('is wrong usage with %s', async (_, argv, code) => {
    const { path } = await newRepository()
    const id = await openIn(path)
    const typed = argv.map((word) => (word === 'ID' ? id : word))
    expect(await jsonIn(path, typed)).toMatchObject({ status: 2, json: { error: { code } } })
  })

  it('fails for an id that is unknown or ambiguous', async () => {
    const { path } = await newRepository()
    await openIn(path)
    await openIn(path)
    const complete = (id: string) => jsonIn(path, ['ops', 'complete', id, '--outcome', 'done'])
    expect(await complete('7ZZZ')).toMatchObject({
      status: 1,
      json: { error: { code: 'OP_NOT_FOUND' } },
    })
    expect(await complete('01')).toMatchObject({
      status: 1,
      json: { error: { code: 'AMBIGUOUS_ID' } },
    })
  })

  it('leaves the Op open if its evidence is refused', async () => {
    const repository = await newRepository()
    const id = await openIn(repository.path, ['ask', 'Why?'])
    await repository.write('e.md', 'x')
    const argv = ['ops', 'complete', id, '--outcome', 'done', '--evidence', 'e.md']
    expect(await jsonIn(repository.path, argv)).toMatchObject({
      status: 1,
      json: { error: { code: 'EVIDENCE_NOT_ALLOWED' } },
    })
    expect(await eventsOf(repository, id)).toHaveLength(1)
  })
})

describe('the commit of an Op', () => {
  const closed = async (path: string, variables = {}) => {
    const id = await openIn(path)
    return jsonIn(path, ['ops', 'complete', id, '--outcome', 'done'], { variables })
  }

  const configured = async (branch: string, text: string): Promise<Repository> => {
    const repository = await newRepository({ branch })
    await mkdir(join(repository.path, '.kittify'))
    await writeFile(join(repository.path, '.kittify', 'config.yaml'), text)
    return repository
  }

  it('is skipped if the project says none', async () => {
    const { path } = await configured('work', 'ops: {commit: none}\n')
    const { status, json, stderr } = await closed(path)
    expect({ status, json, stderr }).toMatchObject({
      status: 0,
      json: { commit: { status: 'skipped', reason: 'disabled' } },
      stderr: '',
    })
  })

  it('passes the guard if the project says safe', async () => {
    const { path } = await configured('main', 'ops: {commit: safe}\n')
    const { status, json, stderr } = await closed(path)
    expect({ status, json }).toMatchObject({
      status: 0,
      json: { commit: { status: 'refused', code: 'PROTECTED_BRANCH' } },
    })
    expect(stderr).toContain('its commit was refused (PROTECTED_BRANCH)')
    const allowed = await closed(path, { SPEC_KITTY_ALLOW_PROTECTED_BRANCH_COMMITS: '1' })
    expect(allowed.json).toMatchObject({ commit: { status: 'committed' } })
  })

  it('is refused for an invalid configuration, which does not affect reading', async () => {
    const { path } = await configured('work', 'ops: {comit: safe}\n')
    expect(await jsonIn(path, ['do', 'x'])).toMatchObject({
      status: 1,
      json: { error: { code: 'CONFIG_INVALID' } },
    })
    expect(await runIn(path, ['ops', 'list'])).toMatchObject({ status: 0 })
    expect(await runIn(path, ['doctor', 'ops'])).toMatchObject({ status: 2 })
  })

  it('uses a strategy from a module that the environment names', async () => {
    const repository = await newRepository()
    const answer = "{ status: 'failed', code: 'MINE', message: 'no luck' }"
    const strategy = `{ name: 'mine', commit: async (root, all) => all.map(() => (${answer})) }`
    await repository.write('mine.mjs', `export default () => (${strategy})\n`)
    await repository.write('object.mjs', `export default ${strategy}\n`)
    for (const module of ['./mine.mjs', join(repository.path, 'object.mjs')]) {
      const { json, stderr } = await closed(repository.path, { SPEC_KITTY_COMMIT_STRATEGY: module })
      expect(json).toMatchObject({ commit: { status: 'failed', code: 'MINE' } })
      expect(stderr).toContain('its commit failed (MINE): no luck')
    }
  })

  it.each([
    ['is not there', './none.mjs', ''],
    ['throws', './bad.mjs', 'throw new Error("boom")'],
    ['gives something else', './bad.mjs', 'export default { name: "mine" }'],
    ['gives nothing', './bad.mjs', 'export const strategy = 1'],
    ['is a package that is not there', 'no-such-package-here', ''],
  ])('not by a module that %s', async (_, module, text) => {
    const repository = await newRepository()
    await repository.write('bad.mjs', text)
    const { status, json } = await closed(repository.path, { SPEC_KITTY_COMMIT_STRATEGY: module })
    expect({ status, json }).toMatchObject({
      status: 1,
      json: { error: { code: 'STRATEGY_INVALID', message: expect.stringContaining(module) } },
    })
  })
})
