// Runs the tools of this repository with this Node, without a shell or a global install.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run, top } from './run.mjs'
import { Trouble } from './trouble.mjs'

// npm sets npm_execpath. If this was not started by npm, look where Node installations have npm.
const npmProgram = () => {
  const folder = dirname(process.execPath)
  const candidates = [
    process.env.npm_execpath,
    join(folder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(folder, '..', 'share', 'nodejs', 'npm', 'bin', 'npm-cli.js'),
    join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]
  const found = candidates.find((path) => path?.endsWith('npm-cli.js') && existsSync(path))
  if (found) return found
  throw new Trouble('npm not found next to Node. Run this through npm: npm start, or npm test')
}

/** Runs an installed tool; `path` is its JavaScript file in `node_modules`. */
export const tool = (path, args, options) =>
  run(process.execPath, [join(top, 'node_modules', ...path.split('/')), ...args], options)

/** Returns the pinned pnpm: `pnpm@` and its version. */
const pinnedPnpm = () => JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')).packageManager

/** Runs npm. */
export const npm = (args, options) => run(process.execPath, [npmProgram(), ...args], options)

/** Runs the pinned pnpm, which npm fetches into its cache; nothing is installed globally. */
export const pnpm = (args, options) =>
  npm(
    ['exec', '--yes', '--loglevel=error', `--package=${pinnedPnpm()}`, '--', 'pnpm', ...args],
    options,
  )

const QUIET_TURBO = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }

/** Runs tasks of turbo.json. turbo needs pnpm on its PATH. */
export const turbo = (args, env = {}) => {
  // Some tools use colours if CI is set, even if the output is not a terminal.
  const plain = process.stdout.isTTY ? {} : { NO_COLOR: '1' }
  const flags = ['--log-order=grouped', '--log-prefix=none']
  return pnpm(['exec', 'turbo', 'run', ...flags, ...args], {
    env: { ...process.env, ...QUIET_TURBO, ...plain, ...env },
  })
}
