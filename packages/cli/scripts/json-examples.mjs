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
const VARYING = {
  bytes: 612_480,
  runs: true,
  version: '1.0.0',
  platform: 'linux-x64',
  node: 'v24.11.0',
  writer: '01KJPWF0X07Q4V9X2M5R8T1W3Z',
}

/** A few words of a longer text. */
const LONGEST = 100

/** An id is a time and a random part. The clock determines the time. */
const ULID = /\b([0-7][0-9A-HJKMNP-TV-Z]{9})[0-9A-HJKMNP-TV-Z]{16}\b/g
const RANDOM = '7Q4V9X2M5R8T1W3Z'
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
  const sha = series((number) => createHash('sha1').update(`commit ${number}`).digest('hex'))
  const path = (text) =>
    text.includes(root) ? text.replaceAll(root, HOME).replaceAll('\\', '/') : text
  return (text) => path(text).replaceAll(ULID, `$1${RANDOM}`).replaceAll(SHA, sha)
}

/** Shortens long texts, lists to their first two items, and what is deeper than `depth`. */
const shortened = (value, replaced, depth) => {
  if (typeof value === 'string') {
    const text = replaced(value)
    return text.length > LONGEST && text.includes('\n') ? `${text.slice(0, 60)}…` : text
  }
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) return '…'
  if (Array.isArray(value)) {
    const shown = value.slice(0, value.length > 3 ? 2 : 3)
    const items = shown.map((item) => shortened(item, replaced, depth - 1))
    return value.length > 3 ? [...items, '…'] : items
  }
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    key in VARYING ? VARYING[key] : shortened(item, replaced, depth - 1),
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
  return async (argv, { stdin = '', later = 0, more = {} } = {}) => {
    minutes += 1 + later
    const [parts, errors] = [[], []]
    const now = new Date(START + minutes * MINUTE)
    await main([...argv, ...(argv.includes('--') ? [] : ['--json'])], {
      variables: { ...variables, ...more },
      cwd: root,
      stdin: { isTTY: false, read: async () => Buffer.from(stdin) },
      stdout: { isTTY: false, write: (text) => parts.push(text) },
      stderr: { isTTY: false, write: (text) => errors.push(text) },
      inheritedStdio: { stdin: 'ignore', stdout: nowhere(), stderr: nowhere() },
      clock: () => now,
    })
    // Some commands print the document of an error there.
    return JSON.parse(parts.length === 0 ? errors.at(-1) : parts.join(''))
  }
}

/** Opens and closes Ops. Returns the id of the first one. */
const work = async (show, run) => {
  const { invocation_id: id } = await show('do', ['do', 'Fix the flaky test', '--wp', 'WP01'])
  await show('do', ['do', 'Check the tools', '--json', '--', 'git', '--version'])
  await show('do', ['do', 'Upgrade the linter', '--dry-run'])
  await show('advise', ['advise', 'Should we cache this?'])
  await show('ask', ['ask', 'Why does the test fail?'])
  await show('ops complete', ['ops', 'complete', id, '--outcome', 'done'], { later: 24 })
  const other = await run(['do', 'Describe the release'])
  const close = ['profile-invocation', 'complete', '--invocation-id', other.invocation_id]
  await show('profile-invocation complete', [...close, '--outcome', 'abandoned'])
  await show('profile-invocation complete', [...close, '--outcome', 'done'])
  const unknown = ['profile-invocation', 'complete', '-i', '01KJPWF0X07Q4V9X2M5R8T1W3Z']
  await show('profile-invocation complete', [...unknown, '--outcome', 'done'])
  await show('dispatch', ['dispatch', 'Review the diff', '--profile', 'reviewer-renata'])
  await show('dispatch', ['dispatch', ' '])
  return id
}

const records = async (show, id) => {
  await show('ops list', ['ops', 'list', '-n', '2'])
  await show('invocations list', ['invocations', 'list', '-n', '2'])
  await show('ops show', ['ops', 'show', id])
  await show('ops timeline', ['ops', 'timeline', '--wp', 'WP01'])
  await show('ops report', ['ops', 'report', '-o', 'report.html'])
  await show('ops validate', ['ops', 'validate', `kitty-ops/${id}.jsonl`])
  await show('ops schema', ['ops', 'schema'], { depth: 3 })
}

const SESSION = { stdin: '{"session_id": "1b4e28ba", "source": "startup"}' }
const END = { stdin: '{"session_id": "1b4e28ba"}' }
const DAY = 24 * 60

const repository = async (show, run, remove) => {
  await show('hooks session-start', ['hooks', 'session-start'], SESSION)
  await show('session-start', ['session-start'], SESSION)
  await run(['do', 'Fix the login'], { more: { CLAUDE_CODE_SESSION_ID: '1b4e28ba' } })
  await show('hooks session-end', ['hooks', 'session-end'], END)
  const input = (more) => ({ stdin: JSON.stringify({ session_id: '5f0c', ...more }) })
  await show('hooks prompt', ['hooks', 'prompt', '--capture'], input({ prompt: 'Fix the menu' }))
  const subagent = { agent_id: 'a1', agent_type: 'Explore', stop_hook_active: false }
  await show('hooks subagent-start', ['hooks', 'subagent-start', '--capture'], input(subagent))
  await show('hooks subagent-stop', ['hooks', 'subagent-stop'], input(subagent))
  await show('hooks stop', ['hooks', 'stop'], input({ stop_hook_active: false }))
  await show('doctor ops', ['doctor', 'ops', '--check', 'stale-op'], { later: 2 * DAY })
  await show('ops verify', ['ops', 'verify'])
  remove()
  await show('ops restore', ['ops', 'restore', '--all'])
  await show('ops reindex', ['ops', 'reindex'])
  await show('ops archive', ['ops', 'archive', '--older-than', '1'])
}

const setup = async (show) => {
  await show('config show', ['config', 'show'])
  await show('hooks install', ['hooks', 'install', 'claude-code'])
  await show('hooks status', ['hooks', 'status'])
  await show('hooks remove', ['hooks', 'remove', 'claude-code'])
  await show('agents', ['agents'])
  await show('completion', ['completion', 'bash'])
  await show('--help', ['--help'])
  await show('--help', ['ops', '--help'])
  await show('--help', ['ops', 'show', '--help'])
  await show('--version', ['--version'])
  await show('error', ['ops', 'complete', '--outcome', 'done'])
}

/** Runs every example, in an order in which each finds what it needs. */
const runAll = async (run, root) => {
  const examples = new Map()
  const show = async (name, argv, options) => {
    const json = await run(argv, options)
    examples.set(name, [...(examples.get(name) ?? []), { argv, json, ...options }])
    return json
  }
  const id = await work(show, run)
  await records(show, id)
  await repository(show, run, () => rmSync(join(root, 'kitty-ops', `${id}.jsonl`)))
  await setup(show)
  return examples
}

/** The examples of each command, by its name: the arguments, the input, and the document. */
export const runExamples = async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kitty-json-')))
  try {
    const root = join(folder, 'project')
    const home = join(folder, 'home')
    for (const path of [root, home]) mkdirSync(path)
    writeFileSync(join(home, 'gitconfig'), '[user]\n\tname = Ada\n\temail = ada@example.org\n')
    const variables = isolated(home)
    for (const name of Object.keys(process.env))
      if (name.startsWith('GIT_')) delete process.env[name]
    Object.assign(process.env, variables)
    const git = (...args) => execFileSync('git', args, { cwd: root, stdio: 'ignore' })
    git('init', '--initial-branch', 'work')
    git('commit', '--allow-empty', '--message', 'First')
    const run = runner(root, variables)
    const examples = await runAll(run, root)
    const replaced = replacer(root)
    const shown = ({ argv, json, stdin, depth = Number.POSITIVE_INFINITY }) => ({
      argv: argv.map((word) => replaced(word)),
      json: shortened(json, replaced, depth),
      stdin,
    })
    return new Map([...examples].map(([name, all]) => [name, all.map(shown)]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
