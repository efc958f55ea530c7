import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Variables } from '../command/io.js'

/** What a file was before hooks were installed, so that it can be restored byte for byte. */
export type Original = {
  /** `undefined` if there was no file. */
  readonly bytes: Buffer | undefined
  /** The folders that were created for it, the outer ones first. */
  readonly folders: readonly string[]
}

const hashOf = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

/** The home folder of a user, as an agent finds it. `homedir` returns an empty variable as it is. */
export const homeOf = (variables: Variables): string =>
  (process.platform === 'win32' ? variables.USERPROFILE : variables.HOME) ||
  homedir() ||
  userInfo().homedir

const stateHome = (variables: Variables): string => {
  const { LOCALAPPDATA, XDG_STATE_HOME } = variables
  const home = homeOf(variables)
  if (process.platform === 'win32') return LOCALAPPDATA || join(home, 'AppData', 'Local')
  return XDG_STATE_HOME || join(home, '.local', 'state')
}

/** What this user's installations keep of the files that they changed. Losing it loses only exactness. */
export class Originals {
  readonly #folder: string

  constructor(variables: Variables) {
    this.#folder = join(stateHome(variables), 'spec-kitty', 'hooks')
  }

  #path(target: string): string {
    return join(this.#folder, `${hashOf(target)}.json`)
  }

  /** The original of a file, if its bytes are still those that an installation wrote. */
  find(target: string, current: Buffer): Original | undefined {
    try {
      const kept: unknown = JSON.parse(readFileSync(this.#path(target), 'utf8'))
      if (typeof kept !== 'object' || kept === null || !('after' in kept)) return undefined
      if (kept.after !== hashOf(current) || !('before' in kept) || !('folders' in kept))
        return undefined
      const { before, folders } = kept
      const bytes = typeof before === 'string' ? Buffer.from(before, 'base64') : undefined
      return { bytes, folders: isTexts(folders) ? folders : [] }
    } catch {
      return undefined
    }
  }

  /** Keeps the original of a file, and what it is now. A failure is not an error. */
  keep(target: string, { bytes, folders }: Original, current: Buffer): void {
    const kept = { before: bytes?.toString('base64') ?? null, folders, after: hashOf(current) }
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
      // The file can hold a secret.
      writeFileSync(this.#path(target), JSON.stringify(kept), { mode: 0o600 })
    } catch {
      // Removing then edits the text.
    }
  }

  forget(target: string): void {
    rmSync(this.#path(target), { force: true })
  }
}
