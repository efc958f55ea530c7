// Finds pure files: no import leads from them to files, processes, the network, randomness or the clock.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { top } from '../../scripts/run.mjs'

const IMPORT =
  /^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gmu
const PURE = new Set([
  '@kitty/record',
  'node:path',
  'node:util',
  'ulid',
  'yaml',
  'zod/mini',
  '#validator',
])

const importsOf = (path) =>
  [...readFileSync(join(top, path), 'utf8').matchAll(IMPORT)].map(([, name, lazy]) => name ?? lazy)

/** Returns the pure TypeScript files among `paths`, which are relative to the top folder. */
export const pureFilesOf = (paths) => {
  const known = new Map()
  const isPure = (path) => {
    if (!known.has(path)) {
      // A cycle decides nothing.
      known.set(path, true)
      known.set(
        path,
        importsOf(path).every((from) => isPureImport(path, from)),
      )
    }
    return known.get(path)
  }
  const isPureImport = (path, from) =>
    from.startsWith('.')
      ? isPure(join(dirname(path), from.replace(/\.js$/u, '.ts')))
      : PURE.has(from)
  return paths.filter((path) => /\/src\/.*\.ts$/u.test(path)).filter(isPure)
}
