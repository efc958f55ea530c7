import { chmod, chown, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { withShim } from './git-shim.js'
import { withEnv } from './with-env.js'

/** The number of the user `nobody` on systems where no other user has it. */
const NOBODY = 65_534

const everythingIn = async (folder: string): Promise<string[]> => {
  const names = await readdir(folder, { recursive: true })
  return [folder, ...names.map((name) => join(folder, name))]
}

/** Gives a folder and everything in it to another user. */
export const giveTo = async (user: number, folder: string): Promise<void> => {
  for (const path of await everythingIn(folder)) await chown(path, user, user)
}

/** A shell drops what only the effective user has, and git can be a script: so git gets its own user. */
const AS_NOBODY = `PATH="\${PATH#*:}" exec setpriv --reuid=${NOBODY} git "$@"`

/** Runs `fn` in a folder as a user who is bound by permissions, which root is not. */
export const asOrdinaryUser = async <T>(folder: string, fn: () => Promise<T>): Promise<T> => {
  if (process.getuid?.() !== 0) return fn()
  await giveTo(NOBODY, folder)
  process.seteuid?.(NOBODY)
  try {
    // The settings of the tests are root's own.
    return await withEnv({ GIT_CONFIG_GLOBAL: '/dev/null', HOME: folder }, () =>
      withShim(AS_NOBODY, fn),
    )
  } finally {
    process.seteuid?.(0)
    await giveTo(0, folder)
  }
}

/** Runs `fn` while nothing can be written in a folder. */
export const whileReadOnly = async <T>(folder: string, fn: () => Promise<T>): Promise<T> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory())
  const paths = [folder, ...folders.map(({ parentPath, name }) => join(parentPath, name))]
  for (const path of paths) await chmod(path, 0o555)
  try {
    return await fn()
  } finally {
    for (const path of paths) await chmod(path, 0o755)
  }
}

export const ANOTHER_USER = NOBODY
