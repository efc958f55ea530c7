// Copies this work tree and installs what it needs, because Stryker changes files in place.
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { top } from '../../scripts/run.mjs'
import { pnpm } from '../../scripts/tools.mjs'
import { Trouble } from '../../scripts/trouble.mjs'

const FILES = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']

/** Stryker has a lock file of its own, so that nobody else installs it. It uses the vitest of the work tree. */
const ALONE = ['--ignore-workspace', '--config.auto-install-peers=false']
const INSTALLS = {
  '.': ['install', '--frozen-lockfile'],
  'proof/mutation': ['install', '--frozen-lockfile', ...ALONE],
}

/** Returns the copy, the paths in it, and a function that removes it. Throws `Trouble` if an installation fails. */
export const makeCopy = async () => {
  const listed = execFileSync('git', FILES, { cwd: top, encoding: 'utf8' }).split('\0')
  const paths = listed.filter((path) => path !== '' && existsSync(join(top, path)))
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'kitty-mutation-')))
  const remove = () => rmSync(copy, { recursive: true, force: true, maxRetries: 5 })
  for (const path of paths) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    copyFileSync(join(top, path), join(copy, path))
  }
  for (const [folder, args] of Object.entries(INSTALLS)) {
    if ((await pnpm(args, { quiet: true, cwd: join(copy, folder) })) === 0) continue
    remove()
    throw new Trouble(`pnpm ${args.join(' ')} failed in ${folder}. See above.`)
  }
  return { copy, paths, remove }
}
