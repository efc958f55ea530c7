// Runs programs. Imports only Node built-ins, because it runs before anything is installed.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Trouble } from './trouble.mjs'

/** The top folder of this repository. */
export const top = fileURLToPath(new URL('..', import.meta.url))

// The terminal sends Ctrl-C to the child as well, so only wait for its end. SIGTERM must be forwarded.
const FORWARDED = { SIGINT: () => {}, SIGTERM: (child) => child.kill('SIGTERM') }

const forwardSignals = (child) => {
  const handlers = Object.entries(FORWARDED).map(([name, react]) => [name, () => react(child)])
  for (const [name, handler] of handlers) process.on(name, handler)
  child.on('close', () => {
    for (const [name, handler] of handlers) process.off(name, handler)
  })
}

/**
 * Runs a program. Returns its exit status, or 128 plus the signal number if a signal ended it. `quiet` hides the output
 * unless the program fails; `keep` then receives its standard output. Throws `Trouble` if the program does not start.
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
    forwardSignals(child)
    child.on('error', ({ message }) => reject(new Trouble(`Could not start ${file}: ${message}`)))
    child.on('close', (code, signal) => {
      if (code !== 0 && quiet) process.stderr.write(Buffer.concat(output))
      resolve(code ?? 128 + constants.signals[signal])
    })
  })
