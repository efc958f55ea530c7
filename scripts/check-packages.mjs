// npm run packed: checks the packages as users get them. Packs them, runs publint and attw on each tarball, then
// installs the tarballs into empty folders (each alone and all together, with npm and with pnpm) and uses them there.
// `--node 24` uses them with that version of Node. `--pack FOLDER` only packs them into that folder.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { useInstalled } from './packed/installed.mjs'
import { checkTarballs, packAll } from './packed/tarballs.mjs'
import { setup } from './setup.mjs'
import { main } from './trouble.mjs'

const options = { node: { type: 'string' }, pack: { type: 'string' } }
const { pack, ...values } = parseArgs({ options }).values

/** Packs into a folder, which is relative to the caller's folder: npm starts this script at the top. */
const packInto = async (named) => {
  await setup()
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), named)
  mkdirSync(folder, { recursive: true })
  for (const { filename } of await packAll(folder)) process.stdout.write(`${filename}\n`)
}

await main(async () => {
  if (pack !== undefined) return packInto(pack)
  const folder = mkdtempSync(join(tmpdir(), 'kitty-packed-'))
  try {
    const packed = join(folder, 'tarballs')
    mkdirSync(packed)
    const tarballs = await packAll(packed)
    await checkTarballs(tarballs)
    const use = (name, what) => useInstalled(join(folder, name), { tarballs, ...values, ...what })
    const record = tarballs.filter(({ name }) => name === '@kitty/record')
    await use('alone', { wanted: record, program: 'record-alone.js' })
    await use('all', { wanted: tarballs, program: 'everything.js' })
    await use('all-pnpm', { wanted: tarballs, program: 'everything.js', installer: 'pnpm' })
    for (const each of tarballs) {
      const installer = 'pnpm'
      await use(each.name.split('/')[1], { wanted: [each], program: 'imports.js', installer })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})
