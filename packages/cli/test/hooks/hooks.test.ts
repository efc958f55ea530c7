import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { jsonIn, openIn, runIn } from '../support/in-process.js'
import { pathWithProgram } from '../support/on-path.js'

const opened = (path: string, session: string) =>
  openIn(path, ['do', session], { variables: { CLAUDE_CODE_SESSION_ID: session } })

const told = (session: string) => ({ stdin: JSON.stringify({ session_id: session }) })

describe('the hooks of a session', () => {
  it('list the open Ops and how to close them', async () => {
    const { path } = await newRepository()
    const fresh = await runIn(path, ['hooks', 'session-start'], told('a'))
    expect(fresh.stdout).toBe((await runIn(path, ['agents'])).stdout)
    await runIn(path, ['do', 'x', '--', process.execPath, '-e', '0'])
    expect(await runIn(path, ['hooks', 'session-start'], told('a'))).toMatchObject({ stdout: '' })
    const id = await opened(path, 'a')
    const { status, stdout } = await runIn(path, ['hooks', 'session-start'], told('b'))
    expect(status).toBe(0)
    expect(stdout).toContain(id)
    expect(stdout).toContain('spec-kitty ops complete ID --outcome')
    expect(stdout).toContain("Don't commit an open Op's record.\n")
  })

  it('name the root in their commands if it was named', async () => {
    const { path } = await newRepository()
    await opened(path, 'a')
    const options = { ...told('b'), variables: { SPEC_KITTY_ROOT: path } }
    const { stdout } = await runIn(await tempFolder(), ['hooks', 'session-start'], options)
    expect(stdout).toContain(`spec-kitty ops complete ID --root ${path} --outcome`)
  })

  it('list the open Ops even if another record cannot be read', async () => {
    const { path } = await newRepository()
    const [bad, good] = [await opened(path, 'a'), await opened(path, 'a')]
    const record = join(path, 'kitty-ops', `${bad}.jsonl`)
    await rm(record)
    await mkdir(record)
    const { stdout } = await runIn(path, ['hooks', 'session-start'], told('b'))
    expect(stdout).toContain(good)
  })

  it('get a warning if their program is not on the PATH', async () => {
    const { path } = await newRepository()
    const install = (PATH: string) =>
      runIn(path, ['hooks', 'install', 'claude-code'], { variables: { PATH, Path: undefined } })
    expect((await install(path)).stderr).toContain('"spec-kitty", which is not on the PATH')
    expect((await install(await pathWithProgram())).stderr).toBe('')
  })

  it('print nothing on any error', async () => {
    const { path } = await newRepository()
    for (const argv of [['session-start'], ['session-end'], ['session-end', '--none']]) {
      const run = await runIn(path, ['hooks', ...argv], { stdin: 'no json' })
      expect(run).toEqual({ status: 0, stdout: '', stderr: '' })
    }
  })

  it.each([
    ['no json', 'Standard input is not JSON.'],
    ['[1]', 'Standard input is not a JSON object.'],
    ['"a"', 'Standard input is not a JSON object.'],
    ['{"cwd": 5}', 'The cwd on standard input is invalid.'],
    ['{"session_id": 5}', 'The session_id on standard input is invalid.'],
  ])('explain %s with --debug or --json', async (stdin, message) => {
    const { path } = await newRepository()
    for (const hook of ['session-start', 'session-end']) {
      const { stderr } = await runIn(path, ['hooks', hook, '--debug'], { stdin })
      expect(stderr.split('\n')[0]).toBe(`spec-kitty: ${message}`)
      expect(await jsonIn(path, ['hooks', hook], { stdin })).toMatchObject({
        status: 0,
        json: { error: { code: 'HOOK_INPUT_INVALID', message } },
        stderr: '',
      })
    }
  })

  it('are added to the settings once, and removed', async () => {
    const { path } = await newRepository({ files: { '.claude/settings.json': '{"model":"x"}' } })
    const install = () => jsonIn(path, ['hooks', 'install', 'claude-code'])
    expect(await install()).toMatchObject({ json: { changed: true } })
    expect(await install()).toMatchObject({ json: { changed: false } })
    await runIn(path, ['hooks', 'remove', 'claude-code'])
    const text = await readFile(join(path, '.claude', 'settings.json'), 'utf8')
    expect(JSON.parse(text)).toEqual({ model: 'x' })
  })
})
