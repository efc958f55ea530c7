import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { newRepository, upstreamAt } from '@kitty/test-kit'
import { shellWord } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { jsonIn, runIn } from '../support/in-process.js'
import { otherProgram } from '../support/other-program.js'

/** A project where the other program has closed the first of two open, committed Ops. */
const sweptProject = async () => {
  const repository = await newRepository()
  const upstream = await upstreamAt(repository.path)
  const [swept, open] = [await upstream.open(), await upstream.open()]
  await repository.commit('Everything')
  await upstream.sweep(swept)
  return { repository, cwd: repository.path, swept, open }
}

const listed = async (cwd: string, ...flags: readonly string[]) =>
  JSON.stringify((await jsonIn(cwd, ['ops', 'list', ...flags])).json)

describe('an Op that op-closures.jsonl closes', () => {
  it('is closed in list, show, the report and the completion of ids', async () => {
    const { repository, cwd, swept, open } = await sweptProject()
    expect(await listed(cwd, '--status', 'open')).not.toContain(swept)
    expect(await listed(cwd, '--outcome', 'abandoned')).toContain(swept)
    const shown = (await jsonIn(cwd, ['ops', 'show', swept])).json
    expect(shown).toMatchObject({
      op: { status: 'closed', outcome: 'abandoned' },
      events: [{ event: 'started' }, { event: 'completed', closed_by: 'doctor_sweep' }],
      problems: [],
    })
    const { stdout } = await runIn(cwd, ['ops', 'show', swept])
    expect(stdout).not.toContain('Close it')
    expect(stdout).toContain('closed by the doctor')
    await runIn(cwd, ['ops', 'report', '--output', 'page.html'])
    expect(await repository.read('page.html')).toContain(`"id":"${swept}","outcome":"abandoned"`)
    expect(await listed(cwd, '--status', 'open')).toContain(open)
  })

  it('is not what @last means for a close, and is named by no hook', async () => {
    const { repository, cwd, swept, open } = await sweptProject()
    const hook = await runIn(cwd, ['hooks', 'session-start'])
    expect(hook.stdout).toContain(open)
    expect(hook.stdout).not.toContain(swept)
    await repository.git('rm', '--quiet', '--force', `kitty-ops/${open}.jsonl`)
    const close = await runIn(cwd, ['ops', 'complete', '@last', '--outcome', 'done'], {
      terminal: true,
    })
    expect(close.stderr).toContain('No Op is open here')
  })

  it('is archived, as it is, and stays closed there', async () => {
    const { repository, cwd, swept, open } = await sweptProject()
    const before = await repository.read(`kitty-ops/${swept}.jsonl`)
    const { json } = await jsonIn(cwd, ['ops', 'archive', '--older-than', '0'])
    expect(JSON.stringify(json)).toContain(swept)
    expect(JSON.stringify(json)).not.toContain(open)
    const { json: shown } = await jsonIn(cwd, ['ops', 'show', swept])
    expect(shown).toMatchObject({
      op: { status: 'closed', path: expect.stringMatching('archive') },
    })
    const moved = await repository.git(
      'show',
      `HEAD:${JSON.stringify(shown).match(/kitty-ops\/archive[^"]*/)?.[0]}`,
    )
    expect(`${moved}\n`).toBe(before)
    expect((await jsonIn(cwd, ['ops', 'verify'])).json).toMatchObject({ ok: true })
  })

  it('is not closed again by a close, which names the file', async () => {
    const { cwd, swept } = await sweptProject()
    const close = await jsonIn(cwd, ['ops', 'complete', swept, '--outcome', 'done'])
    expect(close).toMatchObject({
      status: 1,
      json: { error: { code: 'ALREADY_CLOSED', message: expect.stringMatching('op-closures') } },
    })
    const same = await runIn(cwd, ['ops', 'complete', swept, '--outcome', 'abandoned'])
    expect(same.status).toBe(0)
    expect(same.stdout).toContain('op-closures.jsonl closes the Op')
  })

  it('leaves the others of HEAD to the other program, which the doctor names', async () => {
    const { cwd, open } = await sweptProject()
    const { program, path } = await otherProgram('')
    const sweep = ['doctor', 'ops', '--close-stale', '--threshold', '0']
    const command = async (PATH: string) => {
      const { status, json } = await jsonIn(cwd, sweep, { variables: { PATH } })
      expect(status).toBe(1)
      const { findings } = Object(json)
      return findings.find(({ id }: { id: string }) => id === 'stale-op')
    }
    expect(await command(path)).toMatchObject({
      invocation_id: open,
      commands: [`${shellWord(program)} doctor ops --close-stale`],
    })
    const without = process.env.PATH?.split(delimiter).filter(
      (folder) => !existsSync(join(folder, 'spec-kitty')),
    )
    expect(await command(without?.join(delimiter) ?? '')).toMatchObject({
      commands: ['spec-kitty doctor ops --close-stale'],
    })
  })
})
