// Finds the git processes that a task starts, and which of them run at the same time. A program that is first on the PATH
// as `git` records when each begins and ends.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const script = (log, path) => `#!${process.execPath}
const { spawnSync } = require('node:child_process')
const { appendFileSync } = require('node:fs')
const args = process.argv.slice(2)
const begin = performance.timeOrigin
const env = { ...process.env, PATH: ${JSON.stringify(path)} }
const { status } = spawnSync('git', args, { stdio: 'inherit', env })
const command = args.find((arg, at) => arg !== '-c' && args[at - 1] !== '-c')
appendFileSync(${JSON.stringify(log)}, JSON.stringify({ command, begin, end: performance.timeOrigin + performance.now() }) + '\\n')
process.exit(status ?? 1)
`

const overlap = (one, other) => one !== other && one.begin < other.end && other.begin < one.end

const runsIn = (text) => {
  const lines = text.trim().split('\n').filter(Boolean)
  const all = lines.map((line) => JSON.parse(line)).sort((a, b) => a.begin - b.begin)
  return all.map((one) => ({
    command: one.command,
    atTheSameTime: all.filter((other) => overlap(one, other)).length,
  }))
}

/**
 * Runs a task twice. Returns the git commands of the second run, in the order of their starts, each with how many others
 * ran at the same time.
 */
export const gitProcessesOf = async (task) => {
  const folder = mkdtempSync(join(tmpdir(), 'kitty-bench-path-'))
  const log = join(folder, 'log')
  const path = process.env.PATH
  writeFileSync(log, '')
  writeFileSync(join(folder, 'git'), script(log, path))
  chmodSync(join(folder, 'git'), 0o755)
  process.env.PATH = `${folder}${delimiter}${path}`
  try {
    await task()
    writeFileSync(log, '')
    await task()
    return runsIn(readFileSync(log, 'utf8'))
  } finally {
    process.env.PATH = path
    rmSync(folder, { recursive: true })
  }
}
