import { writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { withEnv } from './with-env.js'

/**
 * Does something while another program stands where git is looked for. `script` is for the shell: it
 * has git's arguments, and the real git as `real`, which gets its turn when the script comes to its end.
 */
export const withShim = async <T>(script: string, deed: () => Promise<T>): Promise<T> => {
  const folder = await tempFolder()
  const path = process.env.PATH ?? ''
  const real = `real() { PATH='${path}' command git "$@"; }`
  const text = `#!/bin/sh\nonce='${folder}/once'\n${real}\n${script}\nreal "$@"\n`
  await writeFile(join(folder, 'git'), text, { mode: 0o755 })
  return withEnv({ PATH: `${folder}${delimiter}${path}` }, deed)
}

/** Does something in the moment in which git is started with a command: each time, or the first time. */
export const when = (command: string, deed: string, times: 'once' | 'always' = 'once'): string => {
  const guard = times === 'once' ? 'mkdir "$once" 2>/dev/null && ' : ''
  return `case " $* " in *" ${command} "*) ${guard}{ ${deed}; };; esac`
}

/** Does something when the git that moves HEAD has got its order, and before it carries it out. */
export const atTheSwap = (deed: string, times: 'once' | 'always' = 'once'): string =>
  when('update-ref', `order=$(cat); ${deed}; echo "$order" | real "$@"; exit $?`, times)

/** What `git switch --create` does, which takes no lock of the index. */
export const SWITCH = 'real branch new work; real symbolic-ref HEAD refs/heads/new'
