import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { jsonIn, openIn, runIn } from '../support/in-process.js'

const MISSION = '01K6ZP4W3M8Q2V5X7Y9A1B3C5D'

/** The started line of the Op that these arguments open. */
const startedBy = async (cwd: string, argv: readonly string[], options = {}): Promise<unknown> => {
  const id = await openIn(cwd, argv, options)
  return JSON.parse(await readFile(join(cwd, 'kitty-ops', `${id}.jsonl`), 'utf8'))
}

describe('opening an Op', () => {
  it('prints in three lines what was opened and how to close it', async () => {
    const repository = await newRepository()
    const { status, stdout, stderr } = await runIn(repository.path, ['do', 'Fix the test'])
    const [, id] = /^Opened {4}(\w{26}) {2}do by generic\n/.exec(stdout) ?? []
    expect(stdout.split('\n').slice(1)).toEqual([
      `Record    kitty-ops/${id}.jsonl`,
      `Close it  spec-kitty ops complete ${id} --outcome done   [or failed, abandoned]`,
      '',
    ])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(await repository.statusPorcelain()).toEqual([])
    const withIgnored = await repository.git('status', '--porcelain', '--ignored', '-uall')
    expect(withIgnored).toBe(`!! kitty-ops/${id}.jsonl`)
  })

  it('prints the same in JSON', async () => {
    const { path } = await newRepository()
    const { json, stderr } = await jsonIn(path, ['do', 'Fix the test', '--profile', 'debbie'])
    expect(json).toEqual({
      invocation_id: expect.stringMatching(/^\w{26}$/),
      status: 'open',
      profile_id: 'debbie',
      action: 'do',
      path: expect.stringMatching(/^kitty-ops\/\w{26}\.jsonl$/),
      governance_context_hash: '',
      governance_context_available: false,
      close_contract: {
        command: expect.stringMatching(/^spec-kitty ops complete \w{26}$/),
        outcome_flag: '--outcome',
        outcomes: ['done', 'failed', 'abandoned'],
        evidence_flag: '--evidence',
        artifact_flag: '--artifact',
        commit_flag: '--commit',
        reason_flag: '--reason',
      },
    })
    expect(stderr).toBe('')
  })

  it.each([
    ['ask', 'query', false],
    ['advise', 'advisory', false],
    ['do', 'task_execution', true],
  ])('%s is %s', async (verb, mode, evidence) => {
    const { path } = await newRepository()
    const { json } = await jsonIn(path, [verb, 'What is it?'])
    const flags = evidence ? { evidence_flag: '--evidence' } : {}
    expect(json).toMatchObject({ action: verb, close_contract: flags })
    expect(JSON.stringify(json).includes('evidence_flag')).toBe(evidence)
    expect(await startedBy(path, [verb, 'What is it?'])).toMatchObject({
      action: verb,
      mode_of_work: mode,
      request_text: 'What is it?',
    })
  })

  it('records its flags', async () => {
    const { path } = await newRepository({ files: { 'rules.md': 'abc' } })
    const flags = ['--profile', 'debbie', '--action', 'mend', '--actor', 'claude', '--wp', 'WP01']
    const more = ['--mode', 'mission_step', '--mission', MISSION, '--model', 'm1']
    const argv = ['do', 'x', ...flags, ...more, '--governance', 'rules.md']
    expect(await startedBy(path, argv)).toMatchObject({
      profile_id: 'debbie',
      action: 'mend',
      actor: 'claude',
      mode_of_work: 'mission_step',
      mission_id: MISSION,
      wp_id: 'WP01',
      model_id: 'm1',
      governance_context_hash: 'ba7816bf8f01cfea',
      governance_context_available: true,
    })
  })

  it('uses the environment if there is no flag', async () => {
    const { path } = await newRepository()
    const variables = { SPEC_KITTY_PROFILE: 'p', SPEC_KITTY_MISSION: MISSION, SPEC_KITTY_WP: 'WP9' }
    expect(await startedBy(path, ['do', 'x'], { variables })).toMatchObject({
      profile_id: 'p',
      mission_id: MISSION,
      wp_id: 'WP9',
      actor: 'operator',
    })
    const flagged = await startedBy(path, ['do', 'x', '--profile', 'q'], { variables })
    expect(flagged).toMatchObject({ profile_id: 'q' })
  })

  it.each([
    [{ CLAUDECODE: '1' }, 'claude'],
    [{ CODEX_THREAD_ID: 't-1' }, 'codex'],
    [{ CODEX_SANDBOX: 'seatbelt' }, 'codex'],
    [{ GEMINI_CLI: '1' }, 'gemini'],
    [{ CURSOR_AGENT: '1' }, 'cursor'],
    [{ COPILOT_CLI: '1' }, 'copilot'],
    [{ OPENCODE: '1' }, 'opencode'],
    [{ AGENT: 'amp', AMP_CURRENT_THREAD_ID: 'T-1', CLAUDECODE: '1' }, 'amp'],
    // One agent in another: the order of the list decides, and SPEC_KITTY_ACTOR overrides it.
    [{ CODEX_THREAD_ID: 't-1', CLAUDECODE: '1' }, 'claude'],
    [{ CODEX_THREAD_ID: 't-1', CLAUDECODE: '1', SPEC_KITTY_ACTOR: 'codex' }, 'codex'],
    // Variables that a person sets for an agent, or has without one.
    [{ CLAUDECODE: '0', SPEC_KITTY_PROFILE: '', SPEC_KITTY_ACTOR: '' }, 'operator'],
    [{ CODEX_HOME: '/x', CODEX_API_KEY: 'x', CLAUDE_CONFIG_DIR: '/x' }, 'operator'],
    [{ AGENT: '1', CURSOR_TRACE_ID: 'x', OPENCODE_CONFIG: 'x', GEMINI_CLI: '' }, 'operator'],
  ])('%j is recorded as %s', async (variables, actor) => {
    const { path } = await newRepository()
    expect(await startedBy(path, ['do', 'x'], { variables })).toMatchObject({
      actor,
      profile_id: 'generic',
    })
  })

  it('reads a long request from a file or from standard input', async () => {
    const { path } = await newRepository({ files: { 'request.md': 'one\ntwo\n' } })
    const fromFile = await startedBy(path, ['do', '--request-file', 'request.md'])
    expect(fromFile).toMatchObject({ request_text: 'one\ntwo' })
    const piped = await startedBy(path, ['do', '--request-file', '-'], { stdin: 'three\r\n' })
    expect(piped).toMatchObject({ request_text: 'three' })
  })

  it.skipIf(process.platform === 'win32')('refuses a file without an end', async () => {
    const { path } = await newRepository()
    expect(await jsonIn(path, ['do', '--request-file', '/dev/zero'])).toMatchObject({
      json: { error: { code: 'REQUEST_TOO_LARGE' } },
    })
  })

  it('decodes a request as Windows writes it, and refuses bytes that are no text', async () => {
    const { path } = await newRepository()
    const files: Readonly<Record<string, Buffer>> = {
      'utf8.txt': Buffer.from('\ufeffGrüße\r\n'),
      'utf16.txt': Buffer.from('\ufeffGrüße\r\n', 'utf16le'),
      'utf16be.txt': Buffer.from('\ufeffGrüße\r\n', 'utf16le').swap16(),
    }
    for (const [name, bytes] of Object.entries(files)) {
      await writeFile(join(path, name), bytes)
      const started = await startedBy(path, ['do', '--request-file', name])
      expect(started).toMatchObject({ request_text: 'Grüße' })
    }
    await writeFile(join(path, 'latin1.txt'), Buffer.from('Grüße', 'latin1'))
    expect(await jsonIn(path, ['do', '--request-file', 'latin1.txt'])).toMatchObject({
      status: 1,
      json: { error: { code: 'FILE_NOT_READABLE', message: expect.stringContaining('UTF-8') } },
    })
  })

  it('redacts secrets, and prints their number', async () => {
    const { path } = await newRepository()
    const secret = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`
    const { stdout, stderr } = await runIn(path, ['do', `Use ${secret} and ${secret}x`, '--json'])
    expect(stdout + stderr).not.toContain(secret)
    expect(JSON.parse(stdout)).toMatchObject({ redacted: expect.any(Number) })
    expect(stderr).toMatch(/secrets? in the request w(as|ere) redacted/)
    const kept = await startedBy(path, ['do', `Use ${secret}`, '--no-redact'])
    expect(kept).toMatchObject({ request_text: `Use ${secret}` })
  })

  it('allows an empty question, and nothing else empty', async () => {
    const { path } = await newRepository()
    expect(await startedBy(path, ['ask', ''])).toMatchObject({ request_text: '' })
    expect(await jsonIn(path, ['do', ''])).toMatchObject({
      status: 2,
      json: { error: { code: 'REQUEST_INVALID' } },
    })
  })

  it('names the root in the closing command, if it was named', async () => {
    const root = await tempFolder()
    const elsewhere = await tempFolder()
    const { json } = await jsonIn(elsewhere, ['do', 'x', '--root', root])
    expect(json).toMatchObject({
      close_contract: { command: expect.stringMatching(/^spec-kitty ops complete \w{26} --root /) },
    })
    const spaced = join(root, 'a folder')
    await writeFile(join(root, 'x'), '')
    expect(await jsonIn(elsewhere, ['do', 'x', '--root', spaced])).toMatchObject({
      status: 1,
      json: { error: { code: 'ROOT_NOT_FOUND' } },
    })
  })

  it.each([
    ['nothing is asked', ['do'], 'ARGUMENT_MISSING'],
    ['it is asked twice', ['do', 'x', '--request-file', '-'], 'USAGE'],
    ['the quotes were forgotten', ['do', 'fix', 'the', 'test'], 'ARGUMENT_UNEXPECTED'],
    ['a flag is unknown', ['do', 'x', '--porfile', 'p'], 'UNKNOWN_FLAG'],
    ['the mode is none', ['do', 'x', '--mode', 'work'], 'USAGE'],
    ['the mission is no ULID', ['do', 'x', '--mission', 'm'], 'REQUEST_INVALID'],
    ['no command follows the dashes', ['do', 'x', '--'], 'ARGUMENT_MISSING'],
    ['a flag is given twice', ['do', 'x', '--wp', 'a', '--wp', 'b'], 'USAGE'],
  ])('is wrong usage when %s', async (_, argv, code) => {
    const repository = await newRepository()
    const { status, json } = await jsonIn(repository.path, argv)
    expect({ status, json }).toMatchObject({ status: 2, json: { error: { code } } })
    expect(await repository.statusPorcelain()).toEqual([])
  })

  it.each([
    ['--governance', 'none.md'],
    ['--request-file', 'none.md'],
  ])('could not be done when %s is not there', async (flag, file) => {
    const { path } = await newRepository()
    const request = flag === '--governance' ? ['x'] : []
    const { status, json } = await jsonIn(path, ['do', ...request, flag, file])
    expect({ status, json }).toMatchObject({
      status: 1,
      json: { error: { code: 'FILE_NOT_READABLE', message: expect.stringContaining('ENOENT') } },
    })
  })

  it('refuses more than a record can hold', async () => {
    const { path } = await newRepository()
    const stdin = 'x'.repeat(1_048_577)
    const { status, json } = await jsonIn(path, ['do', '--request-file', '-'], { stdin })
    expect({ status, json }).toMatchObject({
      status: 1,
      json: { error: { code: 'REQUEST_TOO_LARGE' } },
    })
  })
})

it('an empty --root, as of a variable that is not set, is wrong usage', async () => {
  const { path } = await newRepository()
  expect(await jsonIn(path, ['do', 'x', '--root', ''])).toMatchObject({
    status: 2,
    json: { error: { code: 'USAGE', message: '--root is empty.' } },
  })
  expect(await jsonIn(path, ['ops', 'list'])).toMatchObject({ json: { ops: [] } })
})
