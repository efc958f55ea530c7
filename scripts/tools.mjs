// The tools of this repository, run with this Node and without a shell or a global install.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run, top } from './run.mjs'
import { Trouble } from './trouble.mjs'

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

/** Runs the JavaScript program of an installed tool, with this Node and without a shell. */
export const tool = (path, args, options) =>
  run(process.execPath, [join(top, 'node_modules', ...path.split('/')), ...args], options)

/** The pnpm that this repository is built with: `pnpm@` and its version. */
const pinnedPnpm = () => JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')).packageManager

/** Runs npm itself. */
export const npm = (args, options) => run(process.execPath, [npmProgram(), ...args], options)

/** Runs the pinned pnpm, which npm fetches into its own cache: nothing is installed globally. */
export const pnpm = (args, options) =>
  npm(
    ['exec', '--yes', '--loglevel=error', `--package=${pinnedPnpm()}`, '--', 'pnpm', ...args],
    options,
  )

const QUIET_TURBO = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }

/** Runs tasks of turbo.json; turbo needs pnpm within reach. */
export const turbo = (args, env = {}) => {
  // Some tools colour whatever they print where CI is set; a log is read as text.
  const plain = process.stdout.isTTY ? {} : { NO_COLOR: '1' }
  const flags = ['--log-order=grouped', '--log-prefix=none']
  return pnpm(['exec', 'turbo', 'run', ...flags, ...args], {
    env: { ...process.env, ...QUIET_TURBO, ...plain, ...env },
  })
}
