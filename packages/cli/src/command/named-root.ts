import { resolve } from 'node:path'
import { readEnvironment } from './environment.js'
import type { Io } from './io.js'

const FLAG = '--root'

const valueIn = (flags: readonly string[]): string | undefined => {
  const at = flags.findIndex((word) => word === FLAG || word.startsWith(`${FLAG}=`))
  return flags[at] === FLAG ? flags[at + 1] : flags[at]?.slice(FLAG.length + 1)
}

/**
 * The project root that a flag or the environment names, absolute. Returns `undefined` if none is named, and the
 * root is searched for. `flags` are the bare arguments up to `--`.
 */
export const namedRoot = (flags: readonly string[], io: Pick<Io, 'variables' | 'cwd'>) => {
  const named = valueIn(flags) ?? readEnvironment(io.variables).root
  return named === undefined ? undefined : resolve(io.cwd, named)
}
