// Runs the commands in a repository of its own, and returns what they print with --json. What differs from run to run
// or from machine to machine is replaced.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main } from '../dist/app/main.js'

const HOME = '/home/ada/project'
const START = Date.UTC(2026, 2, 2, 9)
const MINUTE = 60_000
const VARYING = { bytes: 612_480, version: '1.0.0', platform: 'linux-x64', node: 'v24.11.0' }

/** A few words of a longer text. */
const LONGEST = 100

const ULID = /\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g
const SHA = /\b[0-9a-f]{40}\b/g

/** Replaces each different word by the next one of a series. */
const series = (nameOf) => {
  const known = new Map()
  return (word) => {
    if (!known.has(word)) known.set(word, nameOf(known.size))
    return known.get(word)
  }
}

const replacer = (root) => {
  const id = series((number) => `01KJPN3G${String(number).padStart(2, '0')}7Q4V9X2M5R8T1W3Z`)
  const sha = series((number) => createHash('sha1').update(`commit ${number}`).digest('hex'))
  return (text) =>
    text.replaceAll(root, HOME).replaceAll(ULID, id).replaceAll(SHA, sha).replaceAll('\\', '/')
}

/** Shortens long texts, and lists to their first two items. */
const shortened = (value, replaced) => {
  if (typeof value === 'string') {
    const text = replaced(value)
    return text.length > LONGEST && text.includes('\n') ? `${text.slice(0, 60)}…` : text
  }
  if (Array.isArray(value)) {
    const items = value.slice(0, value.length > 3 ? 2 : 3).map((item) => shortened(item, replaced))
    return value.length > 3 ? [...items, '…'] : items
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    key in VARYING ? VARYING[key] : shortened(item, replaced),
  ])
  return Object.fromEntries(entries)
}

const isolated = (home) => ({
  PATH: process.env.PATH,
  HOME: home,
  USERPROFILE: home,
  GIT_CONFIG_GLOBAL: join(home, 'gitconfig'),
  GIT_CONFIG_NOSYSTEM: '1',
})

const nowhere = () => new WritableStream({ write: () => {} })

/** Runs one command. Returns its document. */
const runner = (root, variables) => {
  let minutes = 0
  return async (argv, { stdin = '', later = 0, terminal = false } = {}) => {
    minutes += 1 + later
    const parts = []
    const now = new Date(START + minutes * MINUTE)
    await main([...argv, ...(argv.includes('--') ? [] : ['--json'])], {
      variables,
      cwd: root,
      stdin: { isTTY: terminal, read: async () => Buffer.from(stdin) },
      stdout: { isTTY: false, write: (text) => parts.push(text) },
      stderr: { isTTY: terminal, write: () => {} },
      inheritedStdio: { stdin: 'ignore', stdout: nowhere(), stderr: nowhere() },
      clock: () => now,
    })
    return JSON.parse(parts.join(''))
  }
}

const DAY = 24 * 60

/** Every example in the order in which it is run: the arguments, and what else the command gets. */
const scenario = async (run, root) => {
  const examples = new Map()
  const show = async (name, argv, options) => {
    const json = await run(argv, options)
    examples.set(name, [...(examples.get(name) ?? []), { argv, json }])
    return json
  }
  const fix = ['do', 'Fix the flaky test', '--wp', 'WP01']
  const { invocation_id: id } = await show('do', fix)
  await show('do', ['do', 'Check the tools', '--json', '--', 'git', '--version'])
  await show('do', ['do', 'Upgrade the linter', '--dry-run'])
  await show('advise', ['advise', 'Should we cache this?'])
  await show('ask', ['ask', 'Why does the test fail?'])
  await show('ops complete', ['ops', 'complete', id, '--outcome', 'done'], { later: 24 })
  const other = await run(['do', 'Describe the release'])
  const close = ['profile-invocation', 'complete', '--invocation-id', other.invocation_id]
  await show('profile-invocation complete', [...close, '--outcome', 'abandoned'])
  await show('ops list', ['ops', 'list', '-n', '2'])
  await show('ops show', ['ops', 'show', id])
  await show('ops timeline', ['ops', 'timeline', '--wp', 'WP01'])
  await show('ops report', ['ops', 'report'])
  await show('ops validate', ['ops', 'validate', `kitty-ops/${id}.jsonl`])
  await show('ops schema', ['ops', 'schema'])
  const session = { stdin: '{"session_id": "1b4e28ba", "source": "startup"}' }
  await show('hooks session-start', ['hooks', 'session-start'], session)
  await show('hooks session-start', ['hooks', 'session-start'], {
    stdin: '{"hook_event_name": "Stop"}',
  })
  await run(['hooks', 'session-end'], session)
  await show('doctor ops', ['doctor', 'ops', '--check', 'stale-op'], { later: 2 * DAY })
  await show('ops verify', ['ops', 'verify'])
  rmSync(join(root, 'kitty-ops', `${id}.jsonl`))
  await show('ops restore', ['ops', 'restore', '--all'])
  await show('ops reindex', ['ops', 'reindex'])
  await show('ops archive', ['ops', 'archive', '--older-than', '1'])
  await show('config show', ['config', 'show'])
  await show('hooks install', ['hooks', 'install', 'claude-code'])
  await show('hooks remove', ['hooks', 'remove', 'claude-code'])
  await show('completion', ['completion', 'bash'])
  await show('--help', ['--help'])
  await show('--help', ['ops', '--help'])
  await show('--help', ['ops', 'show', '--help'])
  await show('--version', ['--version'])
  await show('error', ['ops', 'complete', '--outcome', 'done'])
  return examples
}

const sessionEnd = async (run, examples, openIn) => {
  await openIn()
  const argv = ['hooks', 'session-end']
  const stdin = '{"session_id": "1b4e28ba"}'
  const marked = { argv, json: await run(argv, { stdin }) }
  examples.set('hooks session-end', [marked, { argv, json: await run(argv, { stdin }) }])
}

/** The examples of each command, by its name: the arguments, and the document. */
export const runExamples = async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kitty-json-')))
  try {
    const root = join(folder, 'project')
    const home = join(folder, 'home')
    for (const path of [root, home]) mkdirSync(path)
    writeFileSync(join(home, 'gitconfig'), '[user]\n\tname = Ada\n\temail = ada@example.org\n')
    const variables = isolated(home)
    for (const name of Object.keys(process.env)) if (name.startsWith('GIT_')) delete process.env[name]
    Object.assign(process.env, variables)
    const git = (...args) => execFileSync('git', args, { cwd: root, stdio: 'ignore' })
    git('init', '--initial-branch', 'work')
    git('commit', '--allow-empty', '--message', 'First')
    const run = runner(root, variables)
    const examples = await scenario(run, root)
    const inSession = runner(root, { ...variables, CLAUDE_CODE_SESSION_ID: '1b4e28ba' })
    await sessionEnd(run, examples, () => inSession(['do', 'Fix the login']))
    const replaced = replacer(root)
    const shown = ({ argv, json }) => ({
      argv: argv.map((word) => replaced(word)),
      json: shortened(json, replaced),
    })
    return new Map([...examples].map(([name, all]) => [name, all.map(shown)]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
