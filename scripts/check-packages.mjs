// Checks every package as a user gets it: packed, looked at by publint and attw, then installed from the
// tarballs into empty folders (each alone, and all of them; with npm, and with pnpm) and used there.
// `--node 24` uses them with another Node than this one. `--pack FOLDER` only packs them, into that folder.
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

/** npm starts this at the top; the folder is meant from where the person stands. */
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
