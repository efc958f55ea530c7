// Traces which system calls of a command change something, in Node and in git's own processes. Needs Linux and strace.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { CALLS } from '../lib/injure.mjs'
import { runProgram } from './capture.mjs'

/** Whether system calls can be traced: on Linux, with strace. */
export const canTrace = () =>
  process.platform === 'linux' && spawnSync('strace', ['-V']).status === 0

/** Makes all folders for objects, because which of them git would make depends on hashes that differ in each run. */
export const makeObjectFolders = (gitDir) => {
  for (let first = 0; first < 256; first += 1)
    mkdirSync(join(gitDir, 'objects', first.toString(16).padStart(2, '0')), { recursive: true })
}

const TRACED = `${CALLS},?open,?creat,?chmod,?fchmod,?fchmodat,?symlink,?symlinkat,?truncate,?fallocate`

const LINE = /^(\w+)\((.*)\)\s+= -?\d+(?:<.*>)?(?: ([A-Z]+))?/
// A file descriptor with its path, or a path in quotes.
const PLACE = /(?:\b\d+|AT_FDCWD)<((?:[^>\\]|\\.)*)>|"((?:[^"\\]|\\.)*)"/g
const WRITING = /O_(?:CREAT|TRUNC|WRONLY|RDWR)/

/** Returns the paths of a call. A path in quotes is relative to the folder before it. */
const pathsIn = (call, args, cwd) => {
  const paths = []
  let folder
  for (const [, described, quoted] of args.matchAll(PLACE)) {
    if (quoted !== undefined) paths.push(resolve(folder ?? cwd, quoted))
    else if (/at2?$/.test(call)) folder = described
    else return [described]
  }
  return paths.length === 0 && folder !== undefined ? [folder] : paths
}

// Whether two objects share a folder is random.
const OBJECT_FOLDER = /(objects\/)[0-9a-f]{2}(?![\w/])/
const OBJECT = /(objects\/)[0-9a-f]{2}\/(?:[0-9a-f]{38,62}|(?=tmp_obj_))/g

/** Returns a call as text, or `undefined` if it does not change anything in `sandbox`. */
const changeIn = (line, { cwd, sandbox }) => {
  const [, call, args, error] = LINE.exec(line) ?? []
  if (call === undefined || (call.startsWith('open') && !WRITING.test(args))) return undefined
  const paths = pathsIn(call, args, cwd)
  if (!paths.some((path) => path.startsWith(sandbox))) return undefined
  const flags = call.startsWith('open') ? (args.match(/O_\w+/g) ?? []).sort().join('|') : ''
  return [call, ...paths, flags, error ?? '']
    .filter(Boolean)
    .join(' ')
    .replace(OBJECT, '$1<object>')
}

// An object of a record is written by git for the index, or by this software for the ledger, whichever comes first.
const STEPS = {
  creates: /^(?:open|openat|creat) /,
  writes: /^p?write(?:v|64)? /,
  flushes: /^f(?:data)?sync /,
  publishes: /^(?:link|linkat|rename|renameat2?|unlink|unlinkat) /,
}

const sameObject = (change) => {
  if (!change.includes('objects/<object>')) return change
  // Whichever comes second finds the object, and only renews its times.
  if (change.startsWith('utimensat ')) return []
  const [step] = Object.entries(STEPS).find(([, calls]) => calls.test(change)) ?? []
  return step === undefined ? change : `${step} an object`
}

const changesIn = (lines, place) => {
  const found = lines.flatMap((line) => changeIn(line, place) ?? []).flatMap(sameObject)
  const objects = found.filter((change) => change.endsWith(' an object'))
  const changes = [...found.filter((change) => !objects.includes(change)), ...new Set(objects)]
  const once = changes.filter((change) => OBJECT_FOLDER.test(change))
  const others = changes.filter((change) => !OBJECT_FOLDER.test(change))
  return [...others, ...new Set(once.map((change) => change.replace(OBJECT_FOLDER, '$1<folder>')))]
}

/** Runs a program as `runProgram` does. Also returns its calls that change something in `sandbox`, in any order. */
export const runTraced = async (file, args, options, sandbox) => {
  const folder = mkdtempSync(join(tmpdir(), 'kitty-same-trace-'))
  try {
    // Write a file for each thread, so that calls do not interrupt each other's lines.
    const strace = ['-ff', '-y', '-qq', '-e', `trace=${TRACED}`, '-o', join(folder, 'trace')]
    const ran = await runProgram('strace', [...strace, file, ...args], options)
    const lines = readdirSync(folder).flatMap((name) =>
      readFileSync(join(folder, name), 'utf8').split('\n'),
    )
    return { ...ran, calls: changesIn(lines, { cwd: options.cwd, sandbox }) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
