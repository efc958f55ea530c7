import { lstatSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const quietly = <T>(read: () => T): T | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}

const swapCase = (name: string): string =>
  name.replace(/\p{L}/gu, (letter) => {
    const upper = letter.toUpperCase()
    return letter === upper ? letter.toLowerCase() : upper
  })

/** Names that such a disk takes for the same have the same form. */
const folded = (name: string): string => name.normalize('NFD').toLowerCase().normalize('NFC')

/** The name by which its folder lists an entry. Reads the folder only if the entry has other names too. */
const nameInFolder = (folder: string, name: string): string => {
  const swapped = swapCase(name)
  const mayDiffer =
    swapped === name
      ? name.normalize('NFC') !== name || name.normalize('NFD') !== name
      : quietly(() => lstatSync(join(folder, swapped), { throwIfNoEntry: false })) !== undefined
  if (!mayDiffer) return name
  const names = quietly(() => readdirSync(folder)) ?? []
  if (names.includes(name)) return name
  return names.find((each) => folded(each) === folded(name)) ?? name
}

/**
 * A path, with each name as its folder lists it. A disk that ignores case, or the form of Unicode, also opens
 * other spellings; on macOS and Windows the system says which one is listed, on Linux it does not.
 */
export const onDiskPath = (path: string): string => {
  if (process.platform === 'darwin' || process.platform === 'win32') return path
  const parent = dirname(path)
  if (parent === path) return path
  return join(onDiskPath(parent), nameInFolder(parent, basename(path)))
}
