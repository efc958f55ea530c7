// What a step left: its exit status and streams, the files, git's index, its refs and its commits.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join, relative } from 'node:path'

/** No step takes so long, in milliseconds, on a busy machine either. */
const PATIENCE_MS = 900_000

/** Runs a program to its end. Throws where it comes to none: then there is nothing to compare. */
export const runProgram = async (file, args, { cwd, env, input = '' }) => {
  const child = spawn(file, args, { cwd, env, stdio: 'pipe', timeout: PATIENCE_MS })
  const parts = { stdout: [], stderr: [] }
  for (const name of ['stdout', 'stderr']) child[name].on('data', (part) => parts[name].push(part))
  // One that does not read what it is given has ended already.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  // Ctrl-C leaves none behind, which would write into what is being removed.
  const end = () => child.kill('SIGKILL')
  process.prependListener('exit', end)
  const [status, signal] = await once(child, 'close')
  process.off('exit', end)
  if (child.killed) throw new Error(`No end within ${PATIENCE_MS} ms: ${args.join(' ')}`)
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

/** Git's objects are seen through commits and index. */
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

// No short hash, which may look like a word, and no guess at what was renamed.
const DIFF = ['--full-index', '--no-renames', '--binary']
const LOG = ['log', '--all', '--topo-order', '--reverse', '-m', '-p', ...DIFF]
const FORMAT = 'commit %H%nparents %P%nauthor %an <%ae>%ncommitter %cn <%ce>%n%B'

const historyIn = async (tree, { learnCommits }) => {
  const log = await git(tree, ...LOG, `--format=${FORMAT}`)
  learnCommits([...log.matchAll(/^commit ([0-9a-f]{40,64})$/gm)].map(([, hash]) => hash))
  return log
}

const GIT_PARTS = {
  head: (tree) => git(tree, 'rev-parse', '--symbolic-full-name', 'HEAD', '@'),
  refs: (tree) => git(tree, 'for-each-ref', '--format=%(refname) %(objectname)'),
  index: (tree) => git(tree, 'ls-files', '--stage', '-v'),
  staged: (tree) => git(tree, 'diff', '--cached', ...DIFF),
}

/** Looks at a folder and the work trees in it, again and again; what has not changed is not read once more. */
export const looker = (world, trees, normal) => {
  const seen = new Map()
  const fileText = (found) => {
    const key = keyOf(found)
    if (!seen.has(key)) seen.set(key, normal.text(describe(found)))
    return seen.get(key)
  }
  return async () => {
    const parts = []
    for (const tree of trees) {
      const place = relative(world, tree)
      // The history first: from it, commits are known by their numbers.
      parts.push([`commits of ${place}`, normal.text(await historyIn(tree, normal))])
      const names = Object.keys(GIT_PARTS)
      const texts = await Promise.all(names.map((name) => GIT_PARTS[name](tree)))
      for (const [at, name] of names.entries())
        parts.push([`${name} of ${place}`, normal.text(texts[at])])
    }
    for (const found of entriesIn(world))
      parts.push([`file ${normal.text(relative(world, found.path))}`, fileText(found)])
    return parts
  }
}
