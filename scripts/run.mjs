// Runs the tools of this repository. Node built-ins only: it is used before anything is installed.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Trouble } from './trouble.mjs'

/** The top of this repository. */
export const top = fileURLToPath(new URL('..', import.meta.url))

// npm says where it is; started without npm, it lies beside Node.
const npmProgram = () => {
  const beside = dirname(process.execPath)
  const candidates = [
    process.env.npm_execpath,
    join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(beside, '..', 'share', 'nodejs', 'npm', 'bin', 'npm-cli.js'),
    join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]
  const found = candidates.find((path) => path?.endsWith('npm-cli.js') && existsSync(path))
  if (found) return found
  throw new Trouble('npm was not found beside Node. Start this through npm: npm start, or npm test')
}

// Ctrl-C reaches the program that runs as well: it ends in its own way, and this waits for it.
const FORWARDED = { SIGINT: () => {}, SIGTERM: (child) => child.kill('SIGTERM') }

const whileItRuns = (child) => {
  const handlers = Object.entries(FORWARDED).map(([name, react]) => [name, () => react(child)])
  for (const [name, handler] of handlers) process.on(name, handler)
  child.on('close', () => {
    for (const [name, handler] of handlers) process.off(name, handler)
  })
}

/**
 * Runs a program to its end and gives its exit status. `quiet` keeps its output back unless it fails;
 * `keep` is then given its standard output.
 */
export const run = (file, args, { quiet = false, keep, cwd = top, env = process.env } = {}) =>
  new Promise((resolve, reject) => {
    const stdio = quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit'
    const child = spawn(file, args, { cwd, env, stdio })
    const output = []
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => output.push(chunk))
    }
    if (keep) child.stdout?.on('data', keep)
    whileItRuns(child)
    child.on('error', ({ message }) => reject(new Trouble(`${file} did not start: ${message}`)))
    child.on('close', (code, signal) => {
      if (code !== 0 && quiet) process.stderr.write(Buffer.concat(output))
      resolve(code ?? 128 + constants.signals[signal])
    })
  })

/** Runs the JavaScript program of an installed tool, with this Node and without a shell. */
export const tool = (path, args, options) =>
  run(process.execPath, [join(top, 'node_modules', ...path.split('/')), ...args], options)

/** The pnpm that this repository is built with: `pnpm@` and its version. */
const pinnedPnpm = () => JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')).packageManager

/** Runs npm itself. */
export const npm = (args, options) => run(process.execPath, [npmProgram(), ...args], options)

/** Runs the pinned pnpm, which npm fetches into its own cache: nothing is installed globally. */
export const pnpm = (args, options) =>
  npm(['exec', '--yes', `--package=${pinnedPnpm()}`, '--', 'pnpm', ...args], options)

/** Runs turbo, which needs pnpm within reach. */
export const turbo = (args, env = {}) =>
  pnpm(['exec', 'turbo', 'run', ...args], {
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', ...env },
  })
