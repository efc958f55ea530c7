import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { type Environment, readEnvironment } from '../command/environment.js'
import type { Variables } from '../command/io.js'
import { PACKAGE_ROOT, SHARED_NAME, VERSION } from '../package-info.js'

/** What is known of the process that looks for a program. */
type Searcher = { readonly variables: Variables; readonly cwd: string }

const DEFAULT_EXTENSIONS = '.COM;.EXE;.BAT;.CMD'

/** What a shell of this system adds to the name of a program. */
const endingsOf = ({ pathExtensions = DEFAULT_EXTENSIONS }: Environment): readonly string[] =>
  process.platform === 'win32' ? pathExtensions.toLowerCase().split(';') : ['']

/** A program: its path as a shell finds it, and its real path. The name can matter to it, if it is a link. */
type FoundProgram = { readonly path: string; readonly real: string }

const programAt = (path: string): readonly FoundProgram[] => {
  try {
    if (!statSync(path).isFile()) return []
    accessSync(path, constants.X_OK)
    return [{ path, real: realpathSync.native(path) }]
  } catch {
    return []
  }
}

const readOrNothing = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Whether a file is the program of this package, here or where another version of it is installed. */
const isOurEntry = (path: string): boolean => {
  const manifest = readOrNothing(join(dirname(dirname(path)), 'package.json'))
  return manifest.includes(`"name": "${VERSION.name}"`)
}

/** A package manager writes a small script, where it does not make a link. */
const MAX_SCRIPT_BYTES = 16_384

const OUR_ENTRIES = [`${PACKAGE_ROOT}bin/run.js`, `/${VERSION.name}/bin/run.js`]

/** Whether a file is a script that starts our program. */
const isScriptOfOurs = (path: string): boolean => {
  if (statSync(path).size > MAX_SCRIPT_BYTES) return false
  const text = readOrNothing(path).replaceAll('\\', '/')
  return OUR_ENTRIES.some((entry) => text.includes(entry.replaceAll('\\', '/')))
}

const isOurs = (path: string): boolean => isOurEntry(path) || isScriptOfOurs(path)

/** The programs named `spec-kitty` on the PATH, in its order. */
const candidates = ({ variables, cwd }: Searcher): readonly FoundProgram[] => {
  const environment = readEnvironment(variables)
  const endings = endingsOf(environment)
  return environment.path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => endings.map((ending) => resolve(cwd, folder, SHARED_NAME + ending)))
    .flatMap(programAt)
}

/**
 * Finds the first `spec-kitty` on the PATH that is not ours, whichever way ours is installed: the Python one. Returns its
 * path, or `undefined` if there is none. `tried` are left out.
 */
export const findOtherProgram = (
  searcher: Searcher,
  tried: readonly string[] = [],
): string | undefined =>
  candidates(searcher).find(({ path, real }) => !(tried.includes(path) || isOurs(real)))?.path
