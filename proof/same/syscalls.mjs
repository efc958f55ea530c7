// Which system calls of a command change something, in Node and in git's own processes. Linux, with strace.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { CALLS } from '../lib/injure.mjs'
import { runProgram } from './capture.mjs'

/** Whether system calls can be traced here. */
export const canTrace = () =>
  process.platform === 'linux' && spawnSync('strace', ['-V']).status === 0

/** Whether git has to make such a folder depends on a hash, which is another in each run. */
export const makeObjectFolders = (gitDir) => {
  for (let first = 0; first < 256; first += 1)
    mkdirSync(join(gitDir, 'objects', first.toString(16).padStart(2, '0')), { recursive: true })
}

const TRACED = `${CALLS},?open,?creat,?chmod,?fchmod,?fchmodat,?symlink,?symlinkat,?truncate,?fallocate`

const LINE = /^(\w+)\((.*)\)\s+= -?\d+(?:<.*>)?(?: ([A-Z]+))?/
// A descriptor with its path, or a path in quotes.
const PLACE = /(?:\b\d+|AT_FDCWD)<((?:[^>\\]|\\.)*)>|"((?:[^"\\]|\\.)*)"/g
const WRITING = /O_(?:CREAT|TRUNC|WRONLY|RDWR)/

/** The paths of a call. One in quotes is relative to the folder before it. */
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

// Two objects may share a folder, or not: that is chance.
const OBJECT_FOLDER = /(objects\/)[0-9a-f]{2}(?![\w/])/
const OBJECT = /(objects\/)[0-9a-f]{2}\/(?:[0-9a-f]{38,62}|(?=tmp_obj_))/g

/** A call in words, if it changes something in the folder. */
const changeIn = (line, { cwd, world }) => {
  const [, call, args, error] = LINE.exec(line) ?? []
  if (call === undefined || (call.startsWith('open') && !WRITING.test(args))) return undefined
  const paths = pathsIn(call, args, cwd)
  if (!paths.some((path) => path.startsWith(world))) return undefined
  const flags = call.startsWith('open') ? (args.match(/O_\w+/g) ?? []).sort().join('|') : ''
  return [call, ...paths, flags, error ?? '']
    .filter(Boolean)
    .join(' ')
    .replace(OBJECT, '$1<object>')
}

const changesIn = (lines, place) => {
  const changes = lines.flatMap((line) => changeIn(line, place) ?? [])
  const once = changes.filter((change) => OBJECT_FOLDER.test(change))
  const others = changes.filter((change) => !OBJECT_FOLDER.test(change))
  return [...others, ...new Set(once.map((change) => change.replace(OBJECT_FOLDER, '$1<folder>')))]
}

/** Runs a program as `runProgram` does, and gives its changing calls in `world` as well, in any order. */
export const runTraced = async (file, args, options, world) => {
  const folder = mkdtempSync(join(tmpdir(), 'kitty-same-trace-'))
  try {
    // A file for each thread, so that no call is cut in two by another.
    const strace = ['-ff', '-y', '-qq', '-e', `trace=${TRACED}`, '-o', join(folder, 'trace')]
    const ran = await runProgram('strace', [...strace, file, ...args], options)
    const lines = readdirSync(folder).flatMap((name) =>
      readFileSync(join(folder, name), 'utf8').split('\n'),
    )
    return { ...ran, calls: changesIn(lines, { cwd: options.cwd, world }) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
