import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { beforeAll, describe, expect, it } from 'vitest'
import { jsonIn, openIn, runIn } from '../support/in-process.js'

const MISSION = '01K6ZP4WQ0000000000000000A'

const jsonOf = async (path: string, argv: readonly string[]): Promise<unknown> =>
  JSON.parse((await runIn(path, [...argv, '--json'])).stdout)

type Opened = { readonly invocation_id: string; readonly path: string }

const opened = async (path: string, ...flags: string[]): Promise<string> => {
  const { invocation_id } = (await jsonOf(path, ['do', 'Fix it', ...flags])) as Opened
  return invocation_id
}

/** Ops of two work packages of a mission, and one without: done, failed, abandoned and open. */
const withOps = async (): Promise<{ repository: Repository; ids: string[] }> => {
  const repository = await newRepository()
  const { path } = repository
  const ids = [
    await opened(path, '--mission', MISSION, '--wp', 'WP01', '--actor', 'claude'),
    await opened(path, '--mission', MISSION, '--wp', 'WP02', '--profile', 'p'),
    await opened(path, '--mission', MISSION),
    await opened(path),
  ]
  const [done = '', failed = '', abandoned = ''] = ids
  await runIn(path, ['ops', 'complete', done, '--outcome', 'done'])
  await runIn(path, ['ops', 'complete', failed, '--outcome', 'failed'])
  await runIn(path, ['ops', 'complete', abandoned, '--outcome', 'abandoned'])
  return { repository, ids }
}

describe('many Ops', () => {
  let path = ''
  let ids: string[] = []

  beforeAll(async () => {
    const made = await withOps()
    path = made.repository.path
    ids = made.ids
  })

  it('are bars on a time axis, by mission and work package, as wide as the terminal', async () => {
    const { stdout } = await runIn(path, ['ops', 'timeline'])
    expect(stdout).toContain(`Mission ${MISSION}`)
    expect(stdout).toMatch(/WP01\n.*█.* done/)
    expect(stdout).toMatch(/WP02\n.* failed/)
    expect(stdout).toMatch(/No mission\n.*▒.* open/)
    const later = new Date(Date.now() + 86_400_000)
    const options = { terminal: true, now: later, variables: { COLUMNS: '60', TERM: 'xterm' } }
    const painted = await runIn(path, ['ops', 'timeline'], options)
    expect(painted.stdout).toContain('\u001b[')
    const plain = await runIn(path, ['ops', 'timeline', '--no-color'], options)
    expect(plain.stdout).not.toContain('\u001b[')
  })

  it('can be missing in a timeline', async () => {
    const { path: empty } = await newRepository()
    expect((await runIn(empty, ['ops', 'timeline'])).status).toBe(0)
    expect(await jsonOf(empty, ['ops', 'timeline'])).toEqual({
      from: null,
      until: null,
      groups: [],
    })
    expect((await runIn(path, ['ops', 'timeline', '--wp', 'WP09'])).status).toBe(0)
  })

  it('are listed in the named columns', async () => {
    const all = 'id,status,outcome,opened,closed,took,profile,action,actor,mission,wp,request,path'
    const { stdout } = await runIn(path, ['ops', 'list', '--columns', all])
    expect(stdout).toContain('kitty-ops/')
    expect(stdout).toContain('WP02')
    const wrong = await runIn(path, ['ops', 'list', '--columns', 'outcom'])
    expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining('"outcome"') })
    const wide = { terminal: true, variables: { COLUMNS: '50', TERM: 'xterm' } }
    expect((await runIn(path, ['ops', 'list'], wide)).status).toBe(0)
    expect((await runIn(path, ['ops', 'list', '--outcome', 'failed'])).stdout).toContain('failed')
  })

  it('are CSV rows or JSON lines for other programs', async () => {
    const csv = await runIn(path, ['ops', 'list', '--csv', '--columns', 'id,outcome,request'])
    expect(csv.stdout.split(/\r?\n/)).toContainEqual(expect.stringMatching(/,failed,"?Fix it"?$/))
    const all = await runIn(path, ['ops', 'list', '--csv'])
    expect(all.stdout.split(/\r?\n/)[0]).toContain('invocation_id')
    const { stdout } = await runIn(path, ['ops', 'list', '--jsonl'])
    const lines = stdout.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).invocation_id).sort()).toEqual([...ids].sort())
    expect((await runIn(path, ['ops', 'list', '--jsonl', '--csv'])).status).toBe(2)
  })

  it('are listed as candidates if they share a prefix', async () => {
    const prefix = ids[0]?.slice(0, 6) ?? ''
    const shown = await runIn(path, ['ops', 'show', prefix])
    expect(shown.status).toBe(1)
    for (const id of ids) expect(shown.stderr).toContain(id.slice(0, 10))
    const json = await jsonOf(path, ['ops', 'show', prefix])
    expect(json).toMatchObject({ error: { code: 'AMBIGUOUS_ID' }, candidates: [{}, {}, {}, {}] })
  })

  it('need an id if several are open, including one that is gone from disk', async () => {
    const { path } = await newRepository()
    const PERSON = { terminal: true }
    const close = ['ops', 'complete', '--outcome', 'done']
    const first = await openIn(path, ['do', 'x'], PERSON)
    const second = await openIn(path, ['do', 'y'], PERSON)
    await rm(join(path, 'kitty-ops', `${second}.jsonl`))
    const unclear = await runIn(path, close, PERSON)
    expect(unclear.stderr).toContain('2 Ops are open')
    await runIn(path, [...close, first])
    const closed = await runIn(path, close, PERSON)
    expect(closed.stdout).toContain(second)
    expect(await jsonOf(path, close)).toMatchObject({ error: { code: 'NOTHING_OPEN' } })
  })

  it('are archived, and ops verify still succeeds', async () => {
    const { repository } = await withOps()
    const { path: root } = repository
    const flags = ['--older-than', '0', '--keep', '1']
    const plan = await runIn(root, ['ops', 'archive', ...flags, '--dry-run'])
    expect(plan.stdout).toBe('Would archive 3 Ops.\n')
    await repository.git('checkout', '--quiet', '--detach')
    expect((await runIn(root, ['ops', 'archive', ...flags])).status).toBe(1)
    await repository.git('checkout', '--quiet', 'work')
    expect((await runIn(root, ['ops', 'archive', ...flags])).stdout).toContain('Archived 3 Ops')
    expect(await jsonOf(root, ['ops', 'verify'])).toMatchObject({ ok: true })
    expect((await runIn(root, ['ops', 'archive', '--older-than', '-1'])).status).toBe(2)
    const [record = ''] = (await repository.git('ls-files', 'kitty-ops/archive')).split('\n')
    await writeFile(join(root, record), 'damage\n')
    await repository.commit('Damage')
    const shut = await runIn(root, ['ops', 'verify'])
    expect(shut).toMatchObject({ status: 1, stdout: expect.stringContaining('invalid-record') })
    const lost = await runIn(root, ['ops', 'verify', '--since', 'nowhere'])
    expect(lost).toMatchObject({ status: 2, stderr: expect.stringContaining('nowhere') })
    const elsewhere = await runIn(await tempFolder(), ['ops', 'verify'])
    expect(elsewhere).toMatchObject({ status: 2, stderr: expect.stringContaining('repository') })
  })

  it('keep their commit in the archive', async () => {
    const repository = await newRepository()
    const id = await openIn(repository.path)
    const close = ['ops', 'complete', id, '--outcome', 'done']
    await runIn(repository.path, close)
    const sha = await repository.head()
    const flags = ['--older-than', '0', '--keep', '0']
    expect((await runIn(repository.path, ['ops', 'archive', ...flags])).status).toBe(0)
    expect(await repository.head()).not.toBe(sha)
    const shown = await jsonIn(repository.path, ['ops', 'show', id])
    expect(shown).toMatchObject({ json: { commit: { sha } } })
    const again = await jsonIn(repository.path, close)
    expect(again).toMatchObject({ status: 0, json: { already: true, commit: { sha } } })
  })

  it('are not archived outside git', async () => {
    const folder = await tempFolder()
    await openIn(folder)
    const { stdout } = await runIn(folder, ['ops', 'archive'])
    expect(stdout).toContain('not a git repository')
  })
})

describe('a dry run of opening', () => {
  it('prints what it would open, and opens nothing', async () => {
    const { path } = await newRepository()
    const { stdout } = await runIn(path, ['do', 'Fix it', '--dry-run'])
    expect(stdout).toContain('Nothing was written.')
    expect(await jsonOf(path, ['do', 'x', '--dry-run'])).toMatchObject({
      dry_run: true,
      action: 'do',
    })
    expect(await jsonOf(path, ['ops', 'list'])).toEqual({ ops: [] })
  })
})

describe('commits made under an Op', () => {
  const COMMIT = [
    '-c',
    'user.name=A',
    '-c',
    'user.email=a@example.org',
    'commit',
    '-q',
    '--allow-empty',
    '-m',
    'Work',
  ]

  it('are linked with --link-commits', async () => {
    const { path, head } = await newRepository()
    const run = await runIn(path, ['do', 'x', '--link-commits', '--', 'git', ...COMMIT])
    expect(run).toMatchObject({ status: 0, stderr: expect.stringContaining('1 commit') })
    expect(await head()).toBeTruthy()
    const { ops } = (await jsonOf(path, ['ops', 'list'])) as { ops: Opened[] }
    const text = await readFile(join(path, ops[0]?.path ?? ''), 'utf8')
    expect(text).toContain('commit_link')
  })

  it('cannot be linked outside git, with a warning', async () => {
    const folder = await tempFolder()
    const run = await runIn(folder, ['do', 'x', '--link-commits', '--', 'git', '--version'])
    expect(run).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('No commits were linked'),
    })
    expect((await runIn(folder, ['do', 'x', '--link-commits'])).status).toBe(2)
  })
})

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish', 'powershell'])('for %s knows every command', async (shell) => {
    const { stdout } = await runIn(await tempFolder(), ['completion', shell])
    for (const word of ['complete', 'timeline', 'archive', '--outcome']) {
      expect(stdout).toContain(word.replace(/^--(?=outcome)/, shell === 'fish' ? '' : '--'))
    }
  })
})

describe('config show', () => {
  it('lists the branches that are protected by default, also those of remotes', async () => {
    const { path, git } = await newRepository()
    const shown = { name: 'protection.protected_branches', value: ['main', 'master', 'trunk'] }
    await git('update-ref', 'refs/remotes/origin/trunk', 'HEAD')
    await git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/trunk')
    const { json } = await jsonIn(path, ['config', 'show'])
    expect(json).toMatchObject({
      settings: expect.arrayContaining([{ ...shown, origin: 'default' }]),
    })
    const value = ['main', 'master']
    expect((await jsonIn(await tempFolder(), ['config', 'show'])).json).toMatchObject({
      settings: expect.arrayContaining([{ ...shown, value, origin: 'default' }]),
    })
  })

  it('prints the effective settings and their sources', async () => {
    const { path, write } = await newRepository()
    await write(
      '.kittify/config.yaml',
      'ops:\n  commit: none\nprotection:\n  protected_branches: [live]\n',
    )
    const variables = {
      SPEC_KITTY_PROFILE: 'mia',
      SPEC_KITTY_WP: 'WP07',
      SPEC_KITTY_ACTOR: 'ada',
    }
    const { stdout } = await runIn(path, ['config', 'show'], { variables })
    expect(stdout).toMatch(/ops\.commit +none +\.kittify\/config\.yaml:2/)
    expect(stdout).toMatch(/protected_branches +\[live\] +\.kittify\/config\.yaml:4/)
    expect(stdout).toMatch(/ops\.redact +true +default/)
    expect(stdout).toMatch(/ops\.actor +operator +default/)
    expect(stdout).toMatch(/actor +ada +SPEC_KITTY_ACTOR/)
    expect(stdout).toMatch(/profile +mia +SPEC_KITTY_PROFILE/)
    await write('.kittify/config.yaml', 'ops:\n  comit: none\n')
    const wrong = await runIn(path, ['config', 'show'])
    expect(wrong.status).not.toBe(0)
    expect(wrong.stderr).toContain('comit')
  })
})
