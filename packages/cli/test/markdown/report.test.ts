import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { jsonIn, openIn, runIn } from '../support/in-process.js'

const MARKDOWN = ['ops', 'report', '--format', 'markdown']

const closed = async (path: string, request: string, ...flags: string[]): Promise<string> => {
  const id = await openIn(path, ['do', request, '--profile', 'debugger-debbie'])
  await jsonIn(path, ['ops', 'complete', id, '--outcome', 'failed', ...flags])
  return id
}

describe('ops report --format markdown', () => {
  it('says what was asked, of whom, how it ended and why', async () => {
    const { path } = await newRepository()
    const usage = ['--usage', '{"input_tokens":1200,"cost_usd":0.5}']
    const id = await closed(path, 'Fix the login', '--reason', 'The disk was full.', ...usage)
    const { stdout, stderr } = await runIn(path, MARKDOWN)
    expect(stderr).toBe('')
    expect(stdout).toMatch(
      /^<!-- spec-kitty ops report -->\n### Ops\n\n\*\*1 Op\*\*: 1 failed;.* used 1\.2k tokens in, \$0\.50\.\n/,
    )
    expect(stdout).toMatch(
      /<summary>❌ failed after .*: <code>do<\/code> <code>Fix the login<\/code><\/summary>\n/,
    )
    expect(stdout).toContain('<pre>The disk was full&#46;</pre>')
    expect(stdout).toContain('Asked of <code>debugger&#45;debbie</code>, by <code>operator</code>')
    expect(stdout).toContain(`Op <code>${id}</code>`)
  })

  it('has the Ops that are new since a revision, committed or not', async () => {
    const repository = await newRepository()
    const { path, git } = repository
    await closed(path, 'Olden times')
    await git('branch', 'base')
    await closed(path, 'On the branch')
    await git('tag', 'middle')
    await openIn(path, ['do', 'Still open'])
    const requests = async (since: string) => {
      const { json } = await jsonIn(path, [...MARKDOWN, '--since', since])
      const { markdown, ops } = json as { markdown: string; ops: number }
      return [
        ops,
        ...['Olden times', 'On the branch', 'Still open'].filter((each) => markdown.includes(each)),
      ]
    }
    expect(await requests('base')).toEqual([2, 'On the branch', 'Still open'])
    expect(await requests('middle')).toEqual([1, 'Still open'])
    expect(await requests('1h')).toEqual([3, 'Olden times', 'On the branch', 'Still open'])
    const page = await runIn(path, ['ops', 'report', '--since', 'base', '--output', '-'])
    expect(page.stdout).toContain('On the branch')
    expect(page.stdout).not.toContain('Olden times')
    const unknown = await runIn(path, [...MARKDOWN, '--since', 'no/such'])
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('neither a time nor a commit'),
    ])
  })

  it('is written to a file, which only a report is replaced by', async () => {
    const { path, write } = await newRepository()
    const file = ['--output', 'report.md']
    expect((await jsonIn(path, [...MARKDOWN, ...file])).json).toMatchObject({ ops: 0 })
    expect(await readFile(join(path, 'report.md'), 'utf8')).toContain('No Ops.')
    expect((await runIn(path, [...MARKDOWN, ...file])).stdout).toMatch(/^Report .*report\.md\n/)
    await write('report.md', 'mine')
    expect((await runIn(path, [...MARKDOWN, ...file])).status).toBe(1)
    expect((await runIn(path, [...MARKDOWN, '--open'])).status).toBe(2)
  })
})
