import { writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { withEnv } from './with-env.js'

/**
 * Runs `fn` while another program is found as git. `script` is for the shell: it has git's arguments, and the real
 * git as `real`, which is run at the end of the script.
 */
export const withShim = async <T>(script: string, fn: () => Promise<T>): Promise<T> => {
  const folder = await tempFolder()
  const path = process.env.PATH ?? ''
  const real = `real() { PATH='${path}' command git "$@"; }`
  const text = `#!/bin/sh\nonce='${folder}/once'\n${real}\n${script}\nreal "$@"\n`
  await writeFile(join(folder, 'git'), text, { mode: 0o755 })
  return withEnv({ PATH: `${folder}${delimiter}${path}` }, fn)
}

/** Runs a shell command when git is started with a command: every time, or the first time. */
export const when = (
  command: string,
  script: string,
  times: 'once' | 'always' = 'once',
): string => {
  const guard = times === 'once' ? 'mkdir "$once" 2>/dev/null && ' : ''
  return `case " $* " in *" ${command} "*) ${guard}{ ${script}; };; esac`
}

/** Runs a shell command when the git that moves HEAD has got its input, before it acts on it. */
export const atTheSwap = (script: string, times: 'once' | 'always' = 'once'): string =>
  when('update-ref', `order=$(cat); ${script}; echo "$order" | real "$@"; exit $?`, times)

/** What `git switch --create` does, which does not lock the index. */
export const SWITCH = 'real branch new work; real symbolic-ref HEAD refs/heads/new'
