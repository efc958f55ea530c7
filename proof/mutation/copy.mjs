// Copies this work tree and installs what it needs, because Stryker changes files in place.
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
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

/** Bundled, because they are hundreds of small files, and each mutant loads them again. */
const BUNDLED = {
  'zod-mini': "export * from 'zod/mini'",
  'fast-check': "export * from 'fast-check'; export { default } from 'fast-check'",
}

const bundle = async (copy) => {
  const resolveDir = join(copy, 'packages', 'record')
  const { build } = createRequire(join(resolveDir, 'package.json'))('esbuild')
  for (const [name, contents] of Object.entries(BUNDLED)) {
    const outfile = join(copy, 'node_modules', '.bundled', `${name}.mjs`)
    const options = { bundle: true, format: 'esm', platform: 'node', logLevel: 'error', outfile }
    await build({ stdin: { contents, resolveDir }, ...options })
  }
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
  await bundle(copy)
  return { copy, paths, remove }
}
