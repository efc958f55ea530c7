import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId, parseOpRecord } from '@kitty/record'
import { newRepository, tempFolder, upstreamAt, upstreamLegacyRecord } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { verbOf } from '../../src/upstream/request-verb.js'
import { jsonIn, openIn, runIn } from '../support/in-process.js'

const ULID = expect.stringMatching(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/)

const dispatched = async (cwd: string, ...argv: readonly string[]): Promise<string> => {
  const { json } = await jsonIn(cwd, ['dispatch', 'Fix it', ...argv])
  return Object(json).invocation_id
}

const close = (cwd: string, id: string, ...argv: readonly string[]) =>
  jsonIn(cwd, ['profile-invocation', 'complete', '-i', id, ...argv])

const recordOf = async (repository: { read(path: string): Promise<string> }, id: string) =>
  parseOpRecord(await repository.read(`kitty-ops/${id}.jsonl`))

describe('dispatch', () => {
  it('answers with every key of the Python spec-kitty, and opens an Op', async () => {
    const repository = await newRepository()
    const argv = ['dispatch', 'Review the diff', '-p', 'reviewer-renata']
    const { status, json, stderr } = await jsonIn(repository.path, argv)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const id = Object(json).invocation_id
    expect(json).toEqual({
      invocation_id: ULID,
      profile_id: 'reviewer-renata',
      profile_friendly_name: null,
      action: 'review',
      governance_context_text: null,
      governance_context_hash: '',
      governance_context_available: false,
      router_confidence: null,
      glossary_observations: [],
      recommendation: null,
      empty_charter_fallback: null,
      status: 'open',
      close_contract: {
        command: `spec-kitty profile-invocation complete --invocation-id ${id}`,
        outcomes: ['done', 'failed', 'abandoned'],
        evidence_flag: '--evidence',
        artifact_flag: '--artifact',
        commit_flag: '--commit',
      },
      path: `kitty-ops/${id}.jsonl`,
    })
    expect((await recordOf(repository, id)).started).toMatchObject({
      action: 'review',
      mode_of_work: 'task_execution',
    })
    const people = await runIn(repository.path, ['dispatch', 'The build is slow'])
    expect(people.stdout).toMatch(/^Opened {4}\w{26} {2}do by generic\n/)
  })

  it('writes nothing with --dry-run', async () => {
    const { path } = await newRepository()
    const { json } = await jsonIn(path, ['dispatch', 'Fix it', '--dry-run'])
    expect(json).toMatchObject({ invocation_id: null, status: null, action: 'fix', dry_run: true })
    expect((await runIn(path, ['dispatch', 'Fix it', '--dry-run'])).stdout).toContain('Would open')
    expect((await jsonIn(path, ['invocations', 'list'])).json).toEqual([])
  })

  it('puts errors on standard error, in the form of the Python spec-kitty', async () => {
    const { path } = await newRepository()
    const run = await runIn(path, ['dispatch', ' ', '--json'])
    expect(run).toMatchObject({ status: 1, stdout: '' })
    expect(JSON.parse(run.stderr)).toEqual({
      error: 'routing_failed',
      error_code: 'REQUEST_INVALID',
      message: expect.any(String),
      candidates: [],
      suggestion: expect.any(String),
    })
    expect(await runIn(path, ['dispatch', '--json'])).toMatchObject({ status: 2, stdout: '' })
    const people = await runIn(path, ['dispatch', ' '])
    expect(people).toMatchObject({ status: 1, stdout: '' })
    expect(people.stderr).toMatch(/^spec-kitty: /)
  })

  it.each([
    ['Implement WP03', 'implement'],
    ['  please fix: the build', 'fix'],
    ['Plan the release', 'plan'],
    ['Test coverage is low', undefined],
    ['Report', undefined],
    ["Don't fix it", undefined],
    ['The tests fail', undefined],
    ['fixtures are missing', undefined],
    ['', undefined],
  ])('takes the verb of %j where it is plain', (request, verb) => {
    expect(verbOf(request)).toBe(verb)
  })
})

describe('invocations list', () => {
  it('prints an array, newest first, of open, closed and older records', async () => {
    const repository = await newRepository()
    const upstream = await upstreamAt(repository.path)
    const old = newOpId(Date.now() - 3_600_000)
    const files = { [`kitty-ops/${old}.jsonl`]: upstreamLegacyRecord({ id: old }, null) }
    await upstream.commitFiles('Old', files)
    const theirs = await upstream.run({ profile: 'python-pedro' }, { evidence: '3 passed' })
    const ours = await openIn(repository.path)
    const { json } = await jsonIn(repository.path, ['invocations', 'list'])
    const base = { started_at: expect.any(String), path: expect.any(String) }
    expect(json).toEqual([
      {
        ...base,
        invocation_id: ours,
        profile_id: 'generic',
        action: 'do',
        event: 'started',
        status: 'open',
        outcome: null,
        closed_by: null,
        evidence_ref: null,
        completed_at: null,
      },
      {
        ...base,
        invocation_id: theirs,
        profile_id: 'python-pedro',
        action: 'implement',
        event: 'completed',
        status: 'closed',
        outcome: 'done',
        closed_by: 'agent',
        evidence_ref: '3 passed',
        completed_at: expect.any(String),
      },
      expect.objectContaining({ invocation_id: old, outcome: null, closed_by: null }),
    ])
    const one = await jsonIn(repository.path, [
      'invocations',
      'list',
      '-p',
      'python-pedro',
      '-n',
      '1',
    ])
    expect(one.json).toMatchObject([{ invocation_id: theirs }])
    const people = await runIn(repository.path, ['invocations', 'list'])
    expect(people.stdout).toContain(theirs)
    expect((await runIn(repository.path, ['invocations', 'list', '-n', '0'])).status).toBe(2)
  })
})

describe('profile-invocation complete', () => {
  it('answers with every key of the Python spec-kitty, and with the commit', async () => {
    const repository = await newRepository()
    const head = await repository.head()
    const id = await dispatched(repository.path)
    const links = ['--artifact', 'README.md', '--commit', head]
    const { status, json } = await close(repository.path, id, '--outcome', 'done', ...links)
    expect(status).toBe(0)
    expect(json).toMatchObject({
      result: 'success',
      invocation_id: id,
      outcome: 'done',
      evidence_ref: null,
      artifact_links: ['README.md'],
      commit_link: head,
      commit: { status: 'committed' },
    })
    const { events } = await recordOf(repository, id)
    expect(events).toContainEqual(expect.objectContaining({ kind: 'artifact', ref: 'README.md' }))
  })

  it('copies evidence that is text, or outside the project', async () => {
    const repository = await newRepository()
    const [first, second] = [await dispatched(repository.path), await dispatched(repository.path)]
    const text = await close(
      repository.path,
      first,
      '--outcome',
      'done',
      '--evidence',
      '214 passed',
    )
    const folder = `.kittify/evidence/${first}`
    expect(text.json).toMatchObject({ evidence_ref: `${folder}/evidence.md` })
    expect(await repository.git('show', `HEAD:${folder}/evidence.md`)).toBe('214 passed')
    const outside = join(await tempFolder(), 'run.log')
    await writeFile(outside, 'all green\n')
    const file = await close(repository.path, second, '--outcome', 'done', '--evidence', outside)
    const copy = `.kittify/evidence/${second}/run.log`
    expect(file.json).toMatchObject({ evidence_ref: copy })
    expect(await repository.git('show', `HEAD:${copy}`)).toBe('all green')
  })

  it('takes a file of the project, and a URL, as ever', async () => {
    const repository = await newRepository({ files: { 'sub/report.md': 'fine\n' } })
    const [first, second] = [await dispatched(repository.path), await dispatched(repository.path)]
    const cwd = join(repository.path, 'sub')
    const file = await close(cwd, first, '--outcome', 'done', '--evidence', 'report.md')
    expect(file.json).toMatchObject({ evidence_ref: `.kittify/evidence/${first}/report.md` })
    const url = 'https://ci.example.org/7'
    const linked = await close(cwd, second, '--outcome', 'done', '--evidence', url)
    expect(linked.json).toMatchObject({ evidence_ref: url })
  })

  it('refuses what is refused elsewhere, and the Op stays open', async () => {
    const repository = await newRepository()
    const id = await dispatched(repository.path)
    const folder = await tempFolder()
    await mkdir(join(folder, 'sub'))
    const key = `AKIA${'ABCDEFGHIJKLMNOP'}`
    await writeFile(join(folder, 'key.txt'), `aws_access_key_id = ${key}\n`)
    await writeFile(join(folder, '.gitignore'), 'x\n')
    const refused = [
      ['missing.md', 'EVIDENCE_NOT_FOUND'],
      ['no/such/file', 'EVIDENCE_NOT_FOUND'],
      [`The key is ${key}`, 'EVIDENCE_SECRETS'],
      [join(folder, 'key.txt'), 'EVIDENCE_SECRETS'],
      [join(folder, '.gitignore'), 'EVIDENCE_INVALID'],
      [join(folder, 'sub'), 'EVIDENCE_OUTSIDE_ROOT'],
    ] as const
    for (const [evidence, code] of refused) {
      const run = await close(repository.path, id, '--outcome', 'done', '--evidence', evidence)
      expect(run).toMatchObject({ status: 1, json: { error: 'complete_failed', error_code: code } })
    }
    expect((await recordOf(repository, id)).status).toBe('open')
    expect(await repository.statusPorcelain()).toEqual([])
  })

  it('refuses evidence of an Op that cannot have any with 2', async () => {
    const repository = await newRepository()
    const id = await openIn(repository.path, ['ask', 'Why?'])
    const run = await close(
      repository.path,
      id,
      '--outcome',
      'done',
      '--evidence',
      'because of this',
    )
    expect(run).toMatchObject({
      status: 2,
      json: { error: 'complete_failed', error_code: 'EVIDENCE_NOT_ALLOWED' },
    })
  })

  it('says on standard error that an Op is closed already, whatever the outcome', async () => {
    const { path } = await newRepository()
    const id = await dispatched(path)
    await close(path, id, '--outcome', 'done')
    for (const outcome of ['done', 'failed']) {
      const argv = ['profile-invocation', 'complete', '-i', id, '--outcome', outcome]
      const run = await runIn(path, [...argv, '--json'])
      expect(run).toMatchObject({ status: 1, stdout: '' })
      expect(JSON.parse(run.stderr)).toMatchObject({ error: 'already_closed', invocation_id: id })
      const people = await runIn(path, argv)
      expect(people).toMatchObject({ status: 1, stdout: '' })
      expect(people.stderr).toContain('already closed')
    }
    const unknown = await close(path, newOpId(), '--outcome', 'done')
    expect(unknown).toMatchObject({ status: 1, json: { error_code: 'OP_NOT_FOUND' } })
    expect((await close(path, id)).status).toBe(2)
  })
})
