import { renameSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const PAUSES_MS = [5, 10, 20, 40, 80]

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(?:EPERM|EACCES|EBUSY)$/.test(String(error.code))

/**
 * Puts a file in the place of another. Windows refuses that for as long as somebody reads the other, which takes a
 * moment: so it is tried again a few times. Throws what the file system throws.
 */
export const renameOver = async (from: string, to: string): Promise<void> => {
  for (const pause of PAUSES_MS) {
    try {
      return renameSync(from, to)
    } catch (error) {
      if (!isBusy(error)) throw error
      await sleep(pause)
    }
  }
  renameSync(from, to)
}
