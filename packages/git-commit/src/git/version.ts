import { gitText } from './query.js'

const numbersIn = (version: string): readonly number[] => version.split('.').map(Number)

/** Compares the first two numbers of two versions of git. */
export const isOlder = (version: string, than: string): boolean => {
  const [[major = 0, minor = 0], [thanMajor = 0, thanMinor = 0]] = [
    numbersIn(version),
    numbersIn(than),
  ]
  return major < thanMajor || (major === thanMajor && minor < thanMinor)
}

/** Returns git's version, such as `2.39.5`. Throws KittyError `GIT_FAILED` or `GIT_NOT_STARTED`. */
export const gitVersion = async (root: string): Promise<string> => {
  const words = await gitText(root, ['version'], { what: 'print its version' })
  return /\d+(?:\.\d+)+/.exec(words)?.[0] ?? '0'
}
