import { readdir } from 'node:fs/promises'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { runIn } from '../support/in-process.js'

const SECRET = `ghp_${'a1B2'.repeat(9)}`

describe('text that people write', () => {
  it('stays one field of a table for other programs', async () => {
    const { path } = await newRepository()
    for (const request of ['a, b', 'say "x"', '=1+1', '日本語']) await runIn(path, ['do', request])
    const { stdout } = await runIn(path, ['ops', 'list', '--csv', '--columns', 'request'])
    expect(stdout).toContain('"a, b"')
    expect(stdout).toContain('"say ""x"""')
    expect(stdout).toContain("'=1+1\r\n")
    const narrow = { terminal: true, variables: { COLUMNS: '40', TERM: 'xterm' } }
    expect((await runIn(path, ['ops', 'list'], narrow)).stdout).toContain('ID')
  })

  it('has its secrets redacted in a dry run too', async () => {
    const { path } = await newRepository()
    const plan = await runIn(path, ['do', `Use ${SECRET} there`, '--dry-run'])
    expect(plan.stdout).not.toContain(SECRET)
    const json = await runIn(path, ['do', `Use ${SECRET} there`, '--dry-run', '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ dry_run: true, redacted: 1 })
  })
})

describe('a dry run', () => {
  it('shows the command that would run, and runs nothing', async () => {
    const path = await tempFolder()
    const argv = ['do', 'Count', '--dry-run', '--', 'sh', '-c', 'touch x y']
    const { stdout } = await runIn(path, argv)
    const quote = process.platform === 'win32' ? '"' : "'"
    expect(stdout).toContain(`Would run   sh -c ${quote}touch x y${quote}\n`)
    expect(stdout).toMatch(/Nothing was written or run\.\n$/)
    const json = await runIn(path, ['--json', ...argv])
    expect(JSON.parse(json.stdout)).toMatchObject({ command: ['sh', '-c', 'touch x y'] })
    expect(await readdir(path)).toEqual([])
  })
})

describe('the gate', () => {
  it('prints notes, and succeeds', async () => {
    const { path, git, commit } = await newRepository()
    const { stdout } = await runIn(path, ['do', 'x', '--json'])
    await git('add', '--force', 'kitty-ops')
    await commit('Everything')
    await runIn(path, ['ops', 'complete', JSON.parse(stdout).invocation_id, '--outcome', 'done'])
    const verified = await runIn(path, ['ops', 'verify'])
    const note = /^note {7}.* contains the record of an Op that was still\n {11}open,/
    expect(verified).toMatchObject({ status: 0, stdout: expect.stringMatching(note) })
    expect((await runIn(path, ['ops', 'verify', '--since', 'HEAD'])).stdout).toContain('OK')
  })
})

describe('hooks', () => {
  it('print nothing if nothing is open', async () => {
    const { path } = await newRepository()
    await runIn(path, ['do', 'x', '--', process.execPath, '-e', '0'])
    const start = await runIn(path, ['hooks', 'session-start'], { stdin: '{"session_id": "s"}' })
    expect(start).toEqual({ status: 0, stdout: '', stderr: '' })
    expect((await runIn(path, ['hooks', 'session-end', '--debug'], { stdin: '{' })).status).toBe(0)
    expect((await runIn(path, ['hooks', 'remove', 'other'])).status).toBe(2)
    const json = await runIn(path, ['hooks', 'remove', 'claude-code', '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ changed: false })
  })
})

describe('a linked commit', () => {
  it('is counted with others', async () => {
    const { path } = await newRepository()
    const git = 'git -c user.name=A -c user.email=a@example.org commit -q --allow-empty -m'
    const script = `${git} One && ${git} Two`
    const run = await runIn(path, ['do', 'x', '--link-commits', '--', 'sh', '-c', script])
    expect(run.stderr).toContain('2 commits')
  })
})

it('a missing required flag is named', async () => {
  const { status, stderr } = await runIn(await tempFolder(), ['ops', 'complete', '01K6ZP4W'])
  expect([status, stderr.split('\n')[0]]).toEqual([
    2,
    'spec-kitty: Missing --outcome (done, failed, abandoned)',
  ])
})
