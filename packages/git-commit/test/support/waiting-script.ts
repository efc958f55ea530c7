import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tempFolder } from '@kitty/test-kit'

/** A script that reports when it runs and with which variables, and continues only when told to. */
export type WaitingScript = {
  /** For `GIT_EDITOR`. */
  readonly command: string
  /** For a hook. */
  readonly text: string
  /** Waits until it runs; returns the variables that git set for it. */
  readonly running: () => Promise<NodeJS.ProcessEnv>
  readonly goOn: () => Promise<void>
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

const PATIENCE_MS = 20_000

const SOURCE = `
  const { existsSync, renameSync, writeFileSync } = require('node:fs')
  const [, , folder, message] = process.argv
  writeFileSync(folder + '/draft', JSON.stringify(process.env))
  renameSync(folder + '/draft', folder + '/running')
  const wait = setInterval(() => {
    if (!existsSync(folder + '/go')) return
    clearInterval(wait)
    if (message?.endsWith('MSG')) writeFileSync(message, 'From an editor')
  }, 5)
`

export const waitingScript = async (): Promise<WaitingScript> => {
  const folder = await tempFolder()
  const script = join(folder, 'wait.cjs')
  await writeFile(script, SOURCE)
  const command = [process.execPath, script, folder]
    .map((word) => `'${word.replaceAll('\\', '/')}'`)
    .join(' ')
  return {
    // Git appends the name of the file to edit.
    command,
    text: `#!/bin/sh\nexec ${command}\n`,
    running: async () => {
      const end = Date.now() + PATIENCE_MS
      while (!(await exists(join(folder, 'running')))) {
        if (Date.now() > end) throw new Error('the script was never started')
        await sleep(5)
      }
      return JSON.parse(await readFile(join(folder, 'running'), 'utf8'))
    },
    goOn: () => writeFile(join(folder, 'go'), ''),
  }
}

/** Puts a hook into a repository. */
export const installHook = async (top: string, name: string, text: string): Promise<void> => {
  const path = join(top, '.git', 'hooks', name)
  await writeFile(path, text)
  await chmod(path, 0o755)
}
