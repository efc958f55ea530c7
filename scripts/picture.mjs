// npm run picture: writes docs/images/terminal.svg, a picture of the terminal for the README: what the built program
// prints on a terminal, in a scratch repository. `--check` only reports whether it shows what the program prints now,
// apart from ids and hashes.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { linesOfSvg, terminalSvg } from './picture/svg.mjs'
import { top } from './run.mjs'
import { git, scratchRepository } from './tour/scratch.mjs'
import { main, Trouble } from './trouble.mjs'

const COLUMNS = 104
const FILE = join(top, 'docs', 'images', 'terminal.svg')
const TITLE = 'An Op is opened, the work stays staged, and closing the Op commits its record'
const REQUEST = 'Find out why the login test fails on Mondays'
const ID = /\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/

const prompt = (command) => `\x1b[36m$ ${command}\x1b[39m`

/** Runs the built program as on a terminal, at a time. Returns its lines. */
const onTerminal = async (cwd, argv, at) => {
  const { load } = await import('../packages/cli/bin/load.js')
  const { main: run } = load('main', 'other')
  const parts = []
  const stream = { isTTY: true, columns: COLUMNS, write: (part) => parts.push(part) }
  const home = { HOME: cwd, USERPROFILE: cwd, PATH: process.env.PATH, FORCE_COLOR: '1' }
  const io = { cwd, stdout: stream, stderr: stream, variables: home, clock: () => new Date(at) }
  const status = await run(argv, io)
  if (status !== 0) throw new Trouble(`spec-kitty ${argv.join(' ')} failed:\n${parts.join('')}`)
  return parts.join('').trimEnd().split('\n')
}

/** What a person would see, step by step. */
const session = async (root) => {
  const start = Date.now() - 300_000
  const profile = ['--profile', 'debugger-debbie']
  const opened = await onTerminal(root, ['do', REQUEST, ...profile], start)
  const [id = ''] = ID.exec(opened.join('\n')) ?? []
  const reason = 'It compares local time with UTC.'
  const close = ['ops', 'complete', id, '--outcome', 'done', '--reason', reason]
  const status = git(root, ['status', '--short']).trimEnd()
  const closed = await onTerminal(root, close, start + 252_000)
  return [
    prompt(`spec-kitty do "${REQUEST}" --profile debugger-debbie`),
    ...opened,
    '',
    prompt('git status --short        # only your own work: the open record is hidden'),
    status,
    '',
    prompt(`spec-kitty ops complete ${id.slice(0, 8)} --outcome done --reason "${reason}"`),
    ...closed,
    '',
    prompt('git status --short        # as before'),
    git(root, ['status', '--short']).trimEnd(),
    '',
    prompt('spec-kitty ops list'),
    ...(await onTerminal(root, ['ops', 'list'], start + 300_000)),
    '',
    prompt('spec-kitty doctor ops'),
    ...(await onTerminal(root, ['doctor', 'ops'], start + 300_000)),
  ]
}

/** Leaves out what differs from run to run. */
const lasting = (svg) =>
  linesOfSvg(svg).map((line) =>
    line.replace(/\b[0-7][0-9A-HJKMNP-TV-Z]{7,25}\b/g, 'ID').replace(/\b[0-9a-f]{7,10}\b/g, 'SHA'),
  )

const drawn = async () => {
  const root = scratchRepository()
  try {
    return terminalSvg(await session(root), { columns: COLUMNS, title: TITLE })
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 5 })
  }
}

await main(async () => {
  const { check } = parseArgs({ options: { check: { type: 'boolean' } } }).values
  const svg = await drawn()
  if (!check) return writeFileSync(FILE, svg)
  const before = readFileSync(FILE, 'utf8').replaceAll('\r\n', '\n')
  if (lasting(before).join('\n') === lasting(svg).join('\n')) return
  throw new Trouble(
    'docs/images/terminal.svg differs from what the program prints: npm run picture',
  )
})
