import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Variables } from '../command/io.js'
import type { Note } from '../command/result.js'

type Opener = {
  readonly program: string
  readonly args: readonly string[]
  readonly variables?: Variables
}

/** The program of the system that opens a file as a double click does. */
const openerFor = (path: string, { SystemRoot = 'C:\\Windows' }: Variables): Opener => {
  if (process.platform === 'darwin') return { program: 'open', args: [path] }
  if (process.platform !== 'win32') return { program: 'xdg-open', args: [path] }
  return {
    // By its path: Windows would first search the current folder, which can belong to someone else.
    program: join(SystemRoot, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe'),
    // `start` is a word of the shell. The path is not part of the command, so no character in it has a meaning.
    args: ['-NoProfile', '-NonInteractive', '-Command', 'Invoke-Item -LiteralPath $env:KITTY_PAGE'],
    variables: { KITTY_PAGE: path },
  }
}

/** An opener that still runs after this time, in milliseconds, is the browser itself. */
const LONG_ENOUGH = 5_000

/** Runs an opener. Returns why it failed; `undefined` if it succeeded, or still runs. */
const failureOf = (
  { program, args, variables }: Opener,
  { folder, environment }: { readonly folder: string; readonly environment: Variables },
): Promise<string | undefined> => {
  const child = spawn(program, args, {
    cwd: folder,
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
    env: { ...environment, ...variables },
  })
  child.unref()
  const isOver = new AbortController()
  const ended = new Promise<string | undefined>((done) => {
    child.once('error', (error) => {
      const isMissing = 'code' in error && error.code === 'ENOENT'
      done(isMissing ? `${program} was not found` : error.message)
    })
    child.once('exit', (code) => done(code === 0 ? undefined : `${program} failed`))
  })
  const waited = setTimeout(LONG_ENOUGH, undefined, { signal: isOver.signal })
  return Promise.race([ended, waited]).finally(() => isOver.abort())
}

/** Opens a page in the browser of the system. Returns a warning if that is not possible. */
export const openPage = async (path: string, environment: Variables): Promise<Note | undefined> => {
  const failure = await failureOf(openerFor(path, environment), {
    folder: dirname(path),
    environment,
  })
  if (failure === undefined) return undefined
  const message = `The report was written, but it can't be opened in a browser: ${failure}.`
  return { kind: 'warning', message, hint: 'Open the file in a browser yourself.' }
}
