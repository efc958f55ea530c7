// Captures the result of a step: its exit status and output, the files, and git's index, refs and commits.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join, relative } from 'node:path'

/** The time limit of a step in milliseconds, generous enough for a busy machine. */
const TIMEOUT_MS = 900_000

/** Runs a program. Returns its exit status or signal, and its output. Throws if it does not end in time. */
export const runProgram = async (file, args, { cwd, env, input = '' }) => {
  const child = spawn(file, args, { cwd, env, stdio: 'pipe', timeout: TIMEOUT_MS })
  const parts = { stdout: [], stderr: [] }
  for (const name of ['stdout', 'stderr']) child[name].on('data', (part) => parts[name].push(part))
  // A program can end without reading its input.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  // Kill the program on exit; otherwise it would write into a folder that is being removed.
  const end = () => child.kill('SIGKILL')
  process.prependListener('exit', end)
  const [status, signal] = await once(child, 'close')
  process.off('exit', end)
  if (child.killed) throw new Error(`Did not end within ${TIMEOUT_MS} ms: ${args.join(' ')}`)
  const text = (name) => Buffer.concat(parts[name]).toString()
  return { exit: String(signal ?? status), stdout: text('stdout'), stderr: text('stderr') }
}

const git = (cwd, ...args) =>
  new Promise((resolve) => {
    const options = { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 }
    execFile('git', ['--no-optional-locks', ...args], options, (error, stdout) =>
      resolve(error === null ? stdout : `${stdout}exit ${error.code}`),
    )
  })

/** Whether a path is git's folder of objects, which commits and index show. */
const isLeftOut = (path) => /(?:^|[\\/])objects$/.test(path)

function* entriesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (isLeftOut(path)) continue
    yield { entry, path }
    if (entry.isDirectory()) yield* entriesIn(path)
  }
}

const contentOf = (path) => {
  const bytes = readFileSync(path)
  return bytes.subarray(0, 8000).includes(0) && !path.endsWith('.jsonl')
    ? 'binary'
    : bytes.toString()
}

const describe = ({ entry, path }) => {
  const mode = (lstatSync(path).mode & 0o777).toString(8)
  if (entry.isSymbolicLink()) return `link to ${readlinkSync(path)}`
  if (entry.isDirectory()) return `folder ${mode}`
  return `file ${mode}\n${entry.isFile() ? contentOf(path) : 'special'}`
}

const keyOf = ({ path }) => {
  const { size, mtimeMs, ino } = lstatSync(path)
  return [path, size, mtimeMs, ino].join(' ')
}

// A short hash can look like a word, and renames are guesses.
const DIFF = ['--full-index', '--no-renames', '--binary']
const LOG = ['log', '--topo-order', '--reverse', '-m', '-p', ...DIFF]
const FORMAT = 'commit %H%nparents %P%nauthor %an <%ae>%ncommitter %cn <%ce>%n%B'

// The branches and the ledger get their commits at the same time, in any order.
const REFS = [['--exclude=refs/kitty/*', '--all'], ['--glob=refs/kitty/*']]

const historyIn = async (tree, { learnCommits }) => {
  const logs = REFS.map((refs) => git(tree, ...LOG, `--format=${FORMAT}`, ...refs))
  const log = (await Promise.all(logs)).join('\n')
  learnCommits([...log.matchAll(/^commit ([0-9a-f]{40,64})$/gm)].map(([, hash]) => hash))
  return log
}

const GIT_PARTS = {
  head: (tree) => git(tree, 'rev-parse', '--symbolic-full-name', 'HEAD', '@'),
  refs: (tree) => git(tree, 'for-each-ref', '--format=%(refname) %(objectname)'),
  index: (tree) => git(tree, 'ls-files', '--stage', '-v'),
  staged: (tree) => git(tree, 'diff', '--cached', ...DIFF),
}

/** Returns a function that captures a folder and the work trees in it. It reads again only what has changed. */
export const observer = (sandbox, trees, normal) => {
  const seen = new Map()
  const fileText = (found) => {
    const key = keyOf(found)
    if (!seen.has(key)) seen.set(key, normal.text(describe(found)))
    return seen.get(key)
  }
  return async () => {
    const parts = []
    for (const tree of trees) {
      const place = relative(sandbox, tree)
      // Read the history first: it gives commits their numbers.
      parts.push([`commits of ${place}`, normal.text(await historyIn(tree, normal))])
      const names = Object.keys(GIT_PARTS)
      const texts = await Promise.all(names.map((name) => GIT_PARTS[name](tree)))
      for (const [at, name] of names.entries())
        parts.push([`${name} of ${place}`, normal.text(texts[at])])
    }
    for (const found of entriesIn(sandbox))
      parts.push([`file ${normal.text(relative(sandbox, found.path))}`, fileText(found)])
    return parts
  }
}
