import { copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId } from '@kitty/record'
import {
  configureRepository,
  conflictMarkers,
  type Repository,
  repositoryAt,
  tempFolder,
} from '@kitty/test-kit'
import { shellWord } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { REGISTRY } from '../../src/app/registry.js'
import { jsonIn, openIn, type RunOptions, runIn } from '../support/in-process.js'
import {
  commandsIn,
  findingCommandsIn,
  type Pasted,
  paste,
  pathOfProgram,
  textsIn,
} from '../support/printed-commands.js'

const HOSTILE = 'it\'s "b" $(touch pwned1); touch pwned2 & | `touch pwned3` > pwned4'
const UNSEEN = "a\n$(touch pwned5)\n'b\t"

const projectIn = async (name: string): Promise<Repository> => {
  const root = join(await tempFolder(), name)
  await mkdir(root, { recursive: true })
  const repository = repositoryAt(root)
  await repository.git('init', '--quiet', '--template=', '--initial-branch=work')
  await configureRepository(root)
  await repository.write('users.txt', 'one\n')
  await repository.commit('First commit')
  await repository.write('users.txt', 'two\n')
  await repository.git('add', 'users.txt')
  await repository.write('users.txt', 'three\n')
  return repository
}

const close = (root: string, id: string, options: RunOptions = {}) =>
  runIn(root, ['ops', 'complete', id, '--outcome', 'done'], options)

const closed = async ({ path }: Repository): Promise<string> => {
  const id = await openIn(path)
  await close(path, id)
  return id
}

/** Everything that these runs print, as text and as JSON. Each command of a finding is one command and nothing else. */
const printed = async (
  cwd: string,
  runs: readonly (readonly string[])[],
  options: RunOptions = {},
): Promise<string> => {
  const texts: string[] = []
  for (const argv of runs) {
    const { stdout, stderr } = await runIn(cwd, argv, options)
    texts.push(stdout, stderr)
    const json = await jsonIn(cwd, argv, options).catch(() => undefined)
    texts.push(...textsIn(json?.json))
    for (const command of findingCommandsIn(json?.json)) {
      expect(commandsIn(command)).toMatchObject([{ line: command }])
    }
  }
  return texts.join('\n')
}

/** Whether a command has characters that a shell interprets, outside of quotes. */
const isObeyed = (command: string): boolean =>
  /[|<>;&$`()]/.test(command.replace(/\$?'[^']*'|\\.|"[^"$`\\]*"/g, ''))

/** The files that commands are meant to create. */
const MAKES: readonly (readonly [command: RegExp, file: RegExp])[] = [
  [/^spec-kitty ops report/, /\.(?:html|md)$/],
  [/^spec-kitty hooks install/, /(?:^|\/)\.claude(?:\/|$)/],
]

/** The unexpected effects of a command. Empty if it did only what it says. */
const harmOf = ({ command, strays, closed, opened, touched }: Pasted): readonly string[] => {
  const outcomes = new Set([...command.matchAll(/--outcome (\w+)/g)].map(([, word]) => word))
  if (command.includes('--close-stale')) outcomes.add('abandoned')
  const mayClose = outcomes.size === 1
  const may = (words: RegExp, harm: boolean, what: string) =>
    harm && !words.test(command) ? [what] : []
  const isMeant = (path: string) =>
    MAKES.some(([words, file]) => words.test(command) && file.test(path))
  return [
    ...strays.flatMap((path) => (isMeant(path) ? [] : [`made ${path}`])),
    ...closed.flatMap((outcome) =>
      mayClose && outcomes.has(outcome) ? [] : [`closed ${outcome}`],
    ),
    ...may(/^spec-kitty (?:do|ask|advise) /, opened > 0, 'opened an Op'),
    ...(touched ? ["touched the user's work"] : []),
  ]
}

/** Characters that bash could interpret differently from sh. */
const OWN_OF_BASH = /['"`$(!]/

const check = async (command: string, root: string, path: string): Promise<void> => {
  for (const shell of OWN_OF_BASH.test(command) ? ['sh', 'bash'] : ['sh']) {
    const pasted = await paste(command, { shell, root, path })
    const { stderr } = pasted
    expect({ command, stderr, harm: harmOf(pasted) }).toEqual({ command, stderr, harm: [] })
  }
}

/** Pastes each command, once if they differ only in ids. Returns the commands without the rest of their lines. */
const pasteAll = async (
  root: string,
  text: string,
  does: 'all' | 'nothing' = 'all',
): Promise<readonly string[]> => {
  const commands = commandsIn(text)
  const meant = [...new Set(commands.map((each) => each.meant))]
  expect(meant.filter(isObeyed)).toEqual([])
  const all = [...meant, ...commands.map(({ line }) => line)]
  const kinds = new Map(all.map((each) => [each.replace(/[0-9A-HJKMNP-TV-Z]{26}/g, 'ID'), each]))
  const path = await pathOfProgram(does)
  for (const command of kinds.values()) await check(command, root, path)
  return meant
}

const LOOKS = [
  ['doctor', 'ops'],
  ['doctor', 'ops', '--deep'],
  ['doctor', 'ops', '--threshold', '0'],
  ['ops', 'verify'],
  ['ops', 'list'],
]

const HOUR = 3_600_000
const longAgo = { now: new Date(Date.now() - 30 * HOUR) }

/** Two projects: the current folder, and one to name with a root, which has problems of all kinds. */
const neighbours = async () => {
  const here = await projectIn('here')
  const there = repositoryAt(join(here.path, '..', HOSTILE))
  await here.git('clone', '--quiet', here.path, there.path)
  await configureRepository(there.path)
  for (const { path } of [here, there]) await openIn(path, ['do', 'x'], longAgo)
  const changed = await closed(there)
  await there.write(`kitty-ops/${changed}.jsonl`, '{}\n')
  await there.write(`kitty-ops/${newOpId()} ${HOSTILE}.jsonl`, '{}\n')
  const staged = await openIn(there.path, ['do', 'x'], longAgo)
  await there.git('add', '--force', `kitty-ops/${staged}.jsonl`)
  const id = await openIn(there.path)
  await there.write('.kittify/config.yaml', 'ops: {commit: safe}\n')
  await there.git('checkout', '--quiet', '-b', 'main')
  return { here, there, id, staged, changed }
}

/** Pastes each command in the current folder, where nothing must change. */
const pasteBeside = async (here: string, text: string): Promise<readonly string[]> => {
  const meant = [...new Set(commandsIn(text).map((command) => command.meant))]
  const acting = meant.filter((command) => !command.endsWith('--help'))
  const path = await pathOfProgram('all')
  for (const command of acting) {
    const { changed, stderr } = await paste(command, { shell: 'sh', root: here, path })
    expect({ command, stderr, changed }).toEqual({ command, stderr, changed: false })
  }
  return acting
}

describe.skipIf(process.platform === 'win32')('a printed command, pasted into a shell', () => {
  it.each([
    ['a flag', ['--root', `../${HOSTILE}`], {}],
    ['the environment', [], { SPEC_KITTY_ROOT: `../${HOSTILE}` }],
  ])('acts on the root that was named by %s', { timeout: 600_000 }, async (_, flag, variables) => {
    const { here, there, id, staged, changed } = await neighbours()
    const complete = (each: string) => ['ops', 'complete', each, '--outcome', 'done']
    const runs = [
      ...LOOKS,
      ['doctor', 'ops', '--fix', '--dry-run'],
      ['ops', 'show', staged],
      ['ops', 'list', '--profile', 'none'],
      ['ops', 'timeline', '--profile', 'none'],
      ['ops', 'restore'],
      ['ops', 'restore', changed],
      complete('0'),
      complete(id),
      ['do', 'x'],
      ['do', 'x', '--link-commits'],
    ]
    const argv = runs.map((run) => [...run, ...flag])
    const commands = await pasteBeside(here.path, await printed(here.path, argv, { variables }))
    const names = (command: string) =>
      [` --root ${shellWord(there.path)}`, `git -C ${shellWord(there.path)} `].some((root) =>
        command.includes(root),
      ) || command.startsWith('spec-kitty ops validate ')
    expect(commands.filter((command) => !names(command))).toEqual([])
    expect(commands).toEqual(
      expect.arrayContaining([
        `spec-kitty ops complete ${staged} --root ${shellWord(there.path)} --outcome abandoned`,
        `spec-kitty doctor ops --root ${shellWord(there.path)} --fix`,
        `spec-kitty doctor ops --root ${shellWord(there.path)} --fix --threshold 0`,
        `spec-kitty doctor ops --root ${shellWord(there.path)} --close-stale --threshold 0`,
        `git -C ${shellWord(there.path)} switch --create my-branch`,
      ]),
    )
  })

  it.each([
    ['a hostile folder', HOSTILE],
    ['a folder with what cannot be seen', UNSEEN],
  ])('of an open Op in %s closes only what it names', { timeout: 300_000 }, async (_, name) => {
    const { path } = await projectIn(name)
    const hostile = ['--profile', '`touch pwned6`', '--action', '; touch pwned7 #']
    const text = [
      await printed(join(path, '..'), [['do', '$(touch pwned8)', '--root', path, ...hostile]]),
      await printed(path, [['ask', 'x'], ['ops', 'complete'], ['ops', 'show', '0'], ...LOOKS]),
      await printed(path, [['hooks', 'session-start']], { stdin: '{"session_id": "s"}' }),
      (await runIn(path, ['ops', 'show', await openIn(path)])).stdout,
      await printed(path, [['do', 'x', '--dry-run', '--', 'echo', HOSTILE]]),
    ].join('\n')
    const commands = await pasteAll(path, text)
    expect(
      commands.filter((each) => /ops complete \w{26}.* --outcome done$/.test(each)),
    ).not.toEqual([])
    expect(text).toContain('--outcome done   [or failed, abandoned]')
  })

  it('of a close that could not be committed does what it says', { timeout: 300_000 }, async () => {
    const repository = await projectIn(HOSTILE)
    const { path, git } = repository
    const texts: string[] = []
    const closing = async (prepare: () => Promise<unknown>): Promise<void> => {
      const id = await openIn(path)
      await prepare()
      const { stdout, stderr } = await close(path, id)
      texts.push(stdout, stderr, await printed(path, LOOKS))
    }
    await closing(() => repository.write('.gitignore', '*.jsonl\n'))
    await rm(join(path, '.gitignore'))
    await closing(() => git('checkout', '--quiet', '--detach'))
    await git('checkout', '--quiet', 'work')
    await closing(async () => {
      await repository.write('.kittify/config.yaml', 'ops: {commit: safe}\n')
      await git('checkout', '--quiet', '-b', 'main')
    })
    await rm(join(path, '.kittify'), { recursive: true })
    await git('checkout', '--quiet', 'work')
    await closing(() => git('config', 'user.name', ''))
    const commands = await pasteAll(path, texts.join('\n'))
    expect(commands).toContain('spec-kitty doctor ops --fix')
    expect(commands).toContain('git switch --create my-branch')
  })

  it('of damaged records fixes no more than it says', { timeout: 600_000 }, async () => {
    const top = await projectIn(HOSTILE)
    await top.write(`${HOSTILE}/.kittify/x`, '')
    const repository = repositoryAt(join(top.path, HOSTILE))
    const { path } = repository
    await repository.write('users.txt', 'x\n')
    const record = (id: string) => `kitty-ops/${id}.jsonl`
    const changed = await closed(repository)
    const gone = await closed(repository)
    const torn = await closed(repository)
    const deleted = await closed(repository)
    const moved = await closed(repository)
    const staged = await openIn(path)
    const committed = await openIn(path)
    await repository.git('add', '--force', record(committed))
    await repository.git('mv', record(moved), 'kitty-ops/notes.jsonl')
    await repository.git('rm', '--quiet', record(deleted))
    await writeFile(join(path, record(changed)), 'not a record\n')
    await repository.git('commit', '--quiet', '-m', 'By hand', '--', 'kitty-ops')
    await repository.git('add', '--force', record(staged))
    await rm(join(path, record(gone)))
    await writeFile(join(path, record(torn)), conflictMarkers(await repository.read(record(torn))))
    await repository.write(`kitty-ops/archive/${HOSTILE}/${newOpId()}.jsonl`, '{}\n')
    await mkdir(join(path, 'kitty-ops', 'archive', '2020-01'), { recursive: true })
    await copyFile(
      join(path, record(staged)),
      join(path, 'kitty-ops', 'archive', '2020-01', `${staged}.jsonl`),
    )
    await repository.write(`kitty-ops/${newOpId()} ${HOSTILE}.jsonl`, '{}\n')
    await symlink('../users.txt', join(path, record(newOpId())))
    const ids = [changed, gone, torn, deleted, moved, staged, committed]
    const shows = ids.flatMap((id) => [
      ['ops', 'show', id],
      ['ops', 'complete', id, '--outcome', 'done', '--evidence', 'none'],
    ])
    const fixes = [
      ['doctor', 'ops', '--fix', '--dry-run'],
      ['ops', 'restore', changed],
      ['ops', 'validate'],
    ]
    const commands = await pasteAll(path, await printed(path, [...LOOKS, ...shows, ...fixes]))
    expect(commands.length).toBeGreaterThan(20)
    expect(commands.filter((each) => each.includes("'kitty-ops/"))).not.toEqual([])
  })

  it('of a hint does what it says', { timeout: 300_000 }, async () => {
    const { path } = await projectIn(HOSTILE)
    await openIn(path)
    const wrong = [
      ['do'],
      ['do', ''],
      ['do', 'x', 'y'],
      ['do', 'x', '--'],
      ['do', 'x', '--link-commits'],
      ['do', 'x', '--root', 'none'],
      ['nothing'],
      ['ops', 'complete', '--outcome', 'abandond'],
      ['ops', 'complete', '0', '--outcome', 'done'],
      ['ops', 'restore'],
      ['ops', 'show', HOSTILE],
      ['ops', 'list', '--profile', 'none'],
      ['completion', 'csh'],
      ['ops', 'report', '--output', join('none', HOSTILE)],
    ]
    expect((await pasteAll(path, await printed(path, wrong))).length).toBeGreaterThan(4)
  })

  it('of a page of help has nothing that a shell obeys', { timeout: 300_000 }, async () => {
    const { path } = await projectIn(HOSTILE)
    const id = await openIn(path)
    const pages: string[] = []
    for (const name of REGISTRY.keys()) {
      pages.push((await runIn(path, [...name.split(' '), '--help'])).stdout)
    }
    // Examples with a pipe or a redirection are meant to have one.
    const lines = pages.flatMap((page) => page.split('\n'))
    const plain = lines.filter((line) => !/ >>? | \| /.test(line)).join('\n')
    const commands = await pasteAll(path, plain, 'nothing')
    expect(commands.length).toBeGreaterThan(40)
    for (const usage of commands.filter((each) => /^spec-kitty .*[A-Z[]/.test(each))) {
      if (/^spec-kitty (?:do|ask|advise|dispatch|ops report|hooks) /.test(usage)) continue
      await runIn(path, usage.split(' ').slice(1))
    }
    const { json } = await jsonIn(path, ['ops', 'list'])
    expect(json).toMatchObject({ ops: [{ invocation_id: id, status: 'open' }] })
  })
})

it('words beside the outcome close nothing', async () => {
  const { path } = await projectIn('plain')
  const id = await openIn(path)
  const words = ['(or', 'failed,', 'abandoned)']
  const { status, stderr } = await runIn(path, [
    'ops',
    'complete',
    id,
    '--outcome',
    'done',
    ...words,
  ])
  expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('(or') })
  expect((await jsonIn(path, ['ops', 'list', '--status', 'open'])).json).toMatchObject({
    ops: [{ invocation_id: id }],
  })
  const placeholder = await runIn(path, ['ops', 'complete', id, '--outcome', 'OUTCOME'])
  expect(placeholder).toMatchObject({ status: 2 })
})
