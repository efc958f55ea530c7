// Runs the command line under strace, which records system calls, or injects a kill or an error at one of them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { PROGRAM } from './scenarios.mjs'

/** The system calls that change something; `openat` only does if it creates a file. */
export const CALLS = [
  'openat',
  'write',
  'pwrite64',
  'writev',
  'rename',
  'renameat',
  'renameat2',
  'link',
  'linkat',
  'unlink',
  'unlinkat',
  'mkdir',
  'mkdirat',
  'rmdir',
  'fsync',
  'fdatasync',
  'ftruncate',
  'utimensat',
].join(',')

// Runs instead of git, because it is first on the PATH. Counts how often each git command was started, and runs the
// targeted one under strace. In mode `kill`, kills its whole process group when the targeted git is killed.
const WRAPPER = `#!/bin/sh
real=@GIT@
command=none
skip=0
for arg in "$@"; do
  if [ "$skip" = 1 ]; then skip=0; continue; fi
  case "$arg" in
    -c) skip=1 ;;
    -*) ;;
    *) command=$arg; break ;;
  esac
done
number=1
while ! mkdir "$PROOF_DIR/$command.$number" 2>/dev/null; do number=$((number + 1)); done
name="git-$command-$number"
if [ "$PROOF_MODE" = count ]; then
  exec strace -f -y -qq -e trace=@CALLS@ -o "$PROOF_DIR/$name.trace" "$real" "$@"
fi
if [ "$PROOF_TARGET" = "$name" ]; then
  strace -f -qq -e trace="$PROOF_CALL" --inject="$PROOF_CALL:$PROOF_FAULT:when=$PROOF_WHEN" -o /dev/null "$real" "$@"
  status=$?
  if [ "$PROOF_MODE" = kill ] && [ "$status" -gt 128 ]; then kill -9 0; fi
  exit "$status"
fi
exec "$real" "$@"
`

const realGit = () =>
  process.env.PATH.split(delimiter)
    .map((folder) => join(folder, 'git'))
    .find((path) => existsSync(path))

const toolsFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'kitty-proof-tools-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const text = WRAPPER.replaceAll('@GIT@', realGit()).replaceAll('@CALLS@', CALLS)
  writeFileSync(join(folder, 'git'), text)
  chmodSync(join(folder, 'git'), 0o755)
  return folder
}

let tools

const killGroup = (pid) => {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // No process is left.
  }
}

/** The time limit in milliseconds. A command that takes longer is reported as hanging. */
const TIMEOUT_MS = 30_000

const run = async ({ cwd, command, program: own = PROGRAM, input = '' }, node, env) => {
  tools ??= toolsFolder()
  const notes = mkdtempSync(join(tmpdir(), 'kitty-proof-notes-'))
  const child = spawn(node[0], [...node.slice(1), process.execPath, own, ...command], {
    cwd,
    // Make a process group, so that all of its processes can be killed at once.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PATH: `${tools}${delimiter}${process.env.PATH}`,
      PROOF_DIR: notes,
      NODE_DISABLE_COMPILE_CACHE: '1',
      ...env,
    },
  })
  const parts = { stdout: [], stderr: [] }
  for (const name of ['stdout', 'stderr']) child[name].on('data', (part) => parts[name].push(part))
  // A command that was killed does not read it.
  child.stdin.on('error', () => undefined).end(input)
  let hung = false
  const timer = setTimeout(() => {
    hung = true
    killGroup(child.pid)
  }, TIMEOUT_MS)
  const closed = once(child, 'close')
  const [status, signal] = await once(child, 'exit')
  if (env.PROOF_MODE === 'kill') killGroup(child.pid)
  // All of its output has arrived when no process is left that can write more.
  await closed
  clearTimeout(timer)
  const text = (name) => Buffer.concat(parts[name]).toString()
  const done = () => rmSync(notes, { recursive: true, force: true })
  return { status, signal, hung, stdout: text('stdout'), stderr: text('stderr'), notes, done }
}

/** Runs the command under strace with these options. Returns its end, the trace, and those that the wrapper of git made. */
const trace = async (prepared, options, env) => {
  const file = join(mkdtempSync(join(tmpdir(), 'kitty-proof-trace-')), 'trace')
  const strace = ['strace', '-y', '-qq', ...options, '-o', file]
  const ran = await run(prepared, strace, { PROOF_TARGET: '', ...env })
  const text = readFileSync(file, 'utf8')
  const names = readdirSync(ran.notes).filter((name) => name.endsWith('.trace'))
  const ofGit = names.map((name) => [
    name.slice(0, -'.trace'.length),
    readFileSync(join(ran.notes, name), 'utf8'),
  ])
  ran.done()
  rmSync(join(file, '..'), { recursive: true })
  return { status: ran.status, stdout: ran.stdout, text, ofGit }
}

/** Runs the command without a fault. Returns its trace for each process: `node`, or `git-<command>-<n>`. */
export const traced = async (prepared) => {
  const { text, ofGit, ...end } = await trace(prepared, ['-e', `trace=${CALLS}`], {
    PROOF_MODE: 'count',
  })
  return { ...end, traces: new Map([['node', text], ...ofGit]) }
}

/** Node's pool has one thread, so that its calls come one after the other, and can be counted. */
const ONE_THREAD = { UV_THREADPOOL_SIZE: '1' }

/** Runs the command without a fault. Returns the trace of the threads of Node that do not run its code. */
export const tracedThreads = async (prepared) => {
  const options = ['-f', '-e', `trace=${CALLS},execve`]
  const { text, ...end } = await trace(prepared, options, { PROOF_MODE: 'none', ...ONE_THREAD })
  const lines = text.split('\n')
  const pidOf = (line) => line.split(' ', 1)[0]
  const processes = new Set(lines.filter((line) => / execve\(/.test(line)).map(pidOf))
  const ofThreads = lines.filter((line) => !processes.has(pidOf(line)))
  return { ...end, traces: new Map([['threads', ofThreads.join('\n')]]) }
}

const FAULTS = { kill: 'signal=KILL', lone: 'signal=KILL' }

/**
 * Runs the command with a fault at one point. `mode` is `kill` to kill all of its processes, `lone` to kill only the
 * process that makes the call, or an error code with which that call fails.
 */
export const injure = async (prepared, { target, call, when }, mode) => {
  const fault = FAULTS[mode] ?? `error=${mode}`
  const strace = ['strace', '-qq', '-e', `trace=${call}`, `--inject=${call}:${fault}:when=${when}`]
  const node = {
    node: [...strace, '-o', '/dev/null'],
    // Also the processes of git, each of which counts its own calls.
    threads: [...strace, '-f', '-o', '/dev/null'],
  }[target] ?? ['/usr/bin/env']
  const ran = await run(prepared, node, {
    ...(target === 'threads' ? ONE_THREAD : {}),
    PROOF_MODE: mode,
    PROOF_TARGET: target,
    PROOF_CALL: call,
    PROOF_FAULT: fault,
    PROOF_WHEN: String(when),
  })
  ran.done()
  return ran
}
