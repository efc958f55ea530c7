import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, TestRunner } from 'vitest'

const outsideTests = new Set<string>()

const remove = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })

/**
 * Makes an empty folder. Returns its absolute path without symbolic links. The folder is removed when the running test
 * has finished, or, outside of a test (`beforeAll`), when the test file has finished.
 */
export const tempFolder = async (): Promise<string> => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'kitty-test-')))
  if (TestRunner.getCurrentTest() === undefined) outsideTests.add(folder)
  else onTestFinished(() => remove(folder))
  return folder
}

/** Removes the folders that were made outside of a test. The setup file calls this after each test file. */
export const removeTempFolders = async (): Promise<void> => {
  await Promise.all([...outsideTests].map(remove))
  outsideTests.clear()
}
