// Runs programs to their end. Node built-ins only: it is used before anything is installed.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Trouble } from './trouble.mjs'

/** The top of this repository. */
export const top = fileURLToPath(new URL('..', import.meta.url))

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
