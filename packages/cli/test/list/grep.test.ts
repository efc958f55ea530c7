import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId, type OpId } from '@kitty/record'
import { closedRecordText, newRepository } from '@kitty/test-kit'
import { beforeEach, describe, expect, it } from 'vitest'
import { jsonIn, openIn, runIn } from '../support/in-process.js'

let path: string

beforeEach(async () => {
  path = (await newRepository()).path
})

const found = async (text: string, ...argv: readonly string[]) => {
  const { json } = await jsonIn(path, ['ops', 'list', `--grep=${text}`, ...argv])
  const { ops }: { ops: readonly { invocation_id: string }[] } = Object(json)
  return ops.map(({ invocation_id }) => invocation_id)
}

const opened = (request: string, ...flags: readonly string[]) =>
  openIn(path, ['do', request, ...flags])

const close = (id: string, ...flags: readonly string[]) =>
  runIn(path, ['ops', 'complete', id, '--outcome', 'failed', ...flags])

describe('ops list --grep', () => {
  it('searches the whole request and the other texts, in upper or lower case', async () => {
    const long = await opened(`${'x'.repeat(500)}\nThen fix the Login test`)
    const closed = await opened('Something', '--profile', 'debugger-debbie', '--model', 'gpt-9')
    await close(closed, '--reason', 'The database was DOWN', '--artifact', 'https://e.org/Plan.md')
    expect(await found('fix the LOGIN')).toEqual([long])
    for (const text of ['database was down', 'debugger', 'GPT-9', 'plan.md']) {
      expect([text, await found(text)]).toEqual([text, [closed]])
    }
    expect(await found('o')).toEqual([closed, long])
    expect(await found('no such text')).toEqual([])
  })

  it('takes TEXT as it is: not a pattern, and not the name of a field or an outcome', async () => {
    const id = await opened('Is a.c* (x|y) --all \\d?')
    await close(id)
    for (const text of ['a.c*', '(x|y)', '\\d?', ' --all', ' '])
      expect(await found(text)).toEqual([id])
    for (const text of ['a?c', '.*', 'failed', 'started', 'request_text', 'task_execution']) {
      expect([text, await found(text)]).toEqual([text, []])
    }
  })

  it('finds text in any Unicode form', async () => {
    const id = await opened('Prüfe die Straße in ΟΔΟΣ')
    for (const text of ['PRÜFE', 'pru\u0308fe', 'STRASSE', 'οδοσ', 'οδος']) {
      expect([text, await found(text)]).toEqual([text, [id]])
    }
  })

  it('is combined with other filters and with pages', async () => {
    const [a, b, c] = [await opened('Red 1'), await opened('Red 2'), await opened('Blue')]
    await close(a)
    await close(c)
    expect(await found('red', '--status', 'open')).toEqual([b])
    const first = await jsonIn(path, ['ops', 'list', '--grep', 'red', '-n', '1'])
    expect(first.json).toMatchObject({ ops: [{ invocation_id: b }], next: b })
    expect(await found('red', '-n', '1', '--after', b)).toEqual([a])
    const timeline = await jsonIn(path, ['ops', 'timeline', '--grep', 'blue'])
    expect(timeline.json).toMatchObject({ groups: [{ ops: [{ invocation_id: c }] }] })
    const report = await runIn(path, ['ops', 'report', '--grep', 'blue', '-o', '-'])
    expect(report.stdout).toContain('"filter":"grep blue"')
    expect([a, b, c].filter((id) => report.stdout.includes(`"id":"${id}"`))).toEqual([c])
  })

  it('searches with --all what is elsewhere in the repository', async () => {
    const repository = await newRepository()
    path = repository.path
    const [kept, other] = [await opened('Red in HEAD'), await opened('Blue in HEAD')]
    await close(kept)
    await close(other)
    await repository.git('rm', '-q', '--cached', '-r', 'kitty-ops').catch(() => {})
    await repository.git('reset', '-q')
    const tree = `${path}-tree`
    await repository.git('worktree', 'add', '-q', tree)
    const away = await openIn(tree, ['do', 'Red elsewhere'])
    await openIn(tree, ['do', 'Blue elsewhere'])
    expect(await found('red')).toEqual([kept])
    expect(await found('red', '--all')).toEqual([away, kept])
    const first = await jsonIn(path, ['ops', 'list', '--all', '--grep', 'red', '-n', '1'])
    expect(first.json).toMatchObject({ ops: [{ invocation_id: away }], next: away })
    expect(await found('red', '--all', '--after', away)).toEqual([kept])
  })

  it('is safe with hostile records and hostile text', async () => {
    await mkdir(join(path, 'kitty-ops'))
    const put = async (request_text: string): Promise<OpId> => {
      const id = newOpId()
      const [first = '', ...rest] = closedRecordText({ id }).split('\n')
      const started = JSON.stringify({ ...JSON.parse(first), request_text })
      await writeFile(join(path, 'kitty-ops', `${id}.jsonl`), [started, ...rest].join('\n'))
      return id
    }
    const id = await put('\u001b[31mred\u001b[0m \u202egnp \ud800 __proto__')
    await writeFile(join(path, 'kitty-ops', `${newOpId()}.jsonl`), '\u001b[31mred\nnot json')
    for (const text of ['[31mred', '\u001b[31m', '\ud800', '__proto__', '\u202e']) {
      expect(await found(text)).toEqual([id])
    }
    const { stdout } = await runIn(path, ['ops', 'list', '--grep', '\u001b[31m'])
    expect(stdout).toContain('\\u001b[31mred')
    expect(stdout).not.toContain('\u001b')
  })

  it('says if nothing matches, and refuses an empty text', async () => {
    await opened('Something')
    const none = await runIn(path, ['ops', 'list', '--grep', '\u001b[2J'])
    expect(none.stdout).toMatch(/^No Op matches these filters\./)
    const { status, json } = await jsonIn(path, ['ops', 'list', '--grep', ''])
    expect([status, json]).toEqual([2, expect.objectContaining({ error: expect.anything() })])
  })
})
