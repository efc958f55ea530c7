// Runs the tools of this repository. Node built-ins only: it is used before anything is installed.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The top of this repository. */
export const top = fileURLToPath(new URL('..', import.meta.url))

/** An error that a person can do something about; shown without a stack. */
export class Trouble extends Error {}

// npm says where it is; started without npm, it lies beside Node.
const npmProgram = () => {
  const beside = dirname(process.execPath)
  const candidates = [
    process.env.npm_execpath,
    join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]
  const found = candidates.find((path) => path?.endsWith('npm-cli.js') && existsSync(path))
  if (found) return found
  throw new Trouble('npm was not found. Start this with: npm start, or npm test')
}

/** Runs a program to its end; `quiet` keeps its output back unless it fails. */
export const run = (file, args, { quiet = false, cwd = top, env = process.env } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: quiet ? 'pipe' : 'inherit' })
    const output = []
    child.stdout?.on('data', (chunk) => output.push(chunk))
    child.stderr?.on('data', (chunk) => output.push(chunk))
    child.on('error', (error) =>
      reject(new Trouble(`${file} could not be started: ${error.message}`)),
    )
    child.on('close', (code) => {
      if (code !== 0 && quiet) process.stderr.write(Buffer.concat(output))
      resolve(code ?? 1)
    })
  })

/** Runs the JavaScript program of an installed tool, with this Node and without a shell. */
export const tool = (path, args, options) =>
  run(process.execPath, [join(top, 'node_modules', ...path.split('/')), ...args], options)

/** The version of pnpm that this repository is built with. */
const pnpmVersion = () => JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')).packageManager

/** Runs npm itself. */
export const npm = (args, options) => run(process.execPath, [npmProgram(), ...args], options)

/** Runs the pinned pnpm, which npm fetches into its own cache: nothing is installed globally. */
export const pnpm = (args, options) =>
  npm(['exec', '--yes', `--package=${pnpmVersion()}`, '--', 'pnpm', ...args], options)
