import { mkdtemp, realpath, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { KittyError } from '@kitty/record'
import { readRegular, replaceFile } from '@kitty/writer/internals'
import { printableLine } from '../terminal/printable.js'
import type { Style } from '../terminal/style.js'

/** What a report of either format has near its beginning. */
const MARKERS = [
  '<meta name="generator" content="spec-kitty ops report">',
  '<!-- spec-kitty ops report -->',
].map((text) => Buffer.from(text))

const hasOpsFolder = (path: string): boolean => path.split(/[\\/]/).includes('kitty-ops')

/** Throws `NOT_FOUND` if the folder for the file does not exist, `NOT_A_FILE` if the file is a folder. */
const refuseNowhere = async (path: string, output: string): Promise<void> => {
  const folder = await stat(dirname(path)).catch(() => undefined)
  const there = await stat(path).catch(() => undefined)
  if (there?.isDirectory()) {
    throw new KittyError('NOT_A_FILE', `${path} is a folder.`, {
      hint: 'Choose a file with --output.',
    })
  }
  if (folder !== undefined) return
  throw new KittyError('NOT_FOUND', `The folder ${dirname(output)} does not exist.`, {
    hint: 'Create it first, or choose another file with --output.',
  })
}

const refuseForeign = async (path: string): Promise<void> => {
  const there = await readRegular(path)
  if (there === undefined || there.length === 0 || MARKERS.some((marker) => there.includes(marker)))
    return
  throw new KittyError('ALREADY_EXISTS', `${path} already exists and is not a report.`, {
    hint: 'Choose another file with --output, or replace it with --force.',
  })
}

/**
 * Writes a page atomically. Returns its absolute path. An earlier report is replaced.
 *
 * @throws KittyError `OUTPUT_REFUSED`, `ALREADY_EXISTS`, `SYMLINK_REFUSED`, `NOT_A_FILE`, `NOT_FOUND`, `WRITE_FAILED`.
 */
export const writePage = async (
  page: string,
  { output, cwd, force }: { output: string; cwd: string; force: boolean },
): Promise<string> => {
  const path = resolve(cwd, output)
  if (hasOpsFolder(path)) {
    throw new KittyError('OUTPUT_REFUSED', "A report can't be written to kitty-ops.", {
      hint: 'That folder is for records. Choose another file with --output.',
    })
  }
  await refuseNowhere(path, output)
  if (!force) await refuseForeign(path)
  await replaceFile(path, page, 'process')
  return path
}

/**
 * Writes a page to a new folder for temporary files. Only the user can read both. Returns its absolute path. Throws
 * `WRITE_FAILED`.
 */
export const writePrivatePage = async (page: string): Promise<string> => {
  try {
    const folder = await mkdtemp(join(await realpath(tmpdir()), 'kitty-ops-report-'))
    const path = join(folder, 'kitty-ops-report.html')
    await writeFile(path, page, { mode: 0o600, flag: 'wx' })
    return path
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new KittyError('WRITE_FAILED', `The report can't be written to ${tmpdir()}: ${why}`, {
      hint: 'Choose a file with --output.',
      cause,
    })
  }
}

const UNITS = ['bytes', 'kB', 'MB', 'GB']

const sizeText = (bytes: number, unit = 0): string =>
  bytes < 1000 || unit === UNITS.length - 1
    ? `${unit === 0 ? bytes : bytes.toFixed(1)} ${UNITS[unit]}`
    : sizeText(bytes / 1000, unit + 1)

/** The text about a page that was written. */
export const writtenText = (
  {
    path,
    count,
    bytes,
    isOpened,
  }: { path: string; count: number; bytes: number; isOpened: boolean },
  style: Style,
): string => `\
${style.bold('Report')}  ${printableLine(path)}
${style.bold('Content')} ${count} ${count === 1 ? 'Op' : 'Ops'}, ${sizeText(bytes)}; ${isOpened ? 'opened in the browser' : 'open it in a browser'}
`
