// npm run packed: checks the packages as users get them. Packs them, runs publint and attw on each tarball, then
// installs the tarballs into empty folders (each alone and all together, with npm and with pnpm) and uses them there.
// `--node 24` uses them with that version of Node. `--pack FOLDER` only packs them into that folder, so that each can be
// installed from there with those it needs; the check does that, too.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { useInstalled } from './packed/installed.mjs'
import { linkTarballs } from './packed/local-tarballs.mjs'
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
  const tarballs = await packAll(folder)
  linkTarballs(tarballs)
  for (const { filename } of tarballs) process.stdout.write(`${filename}\n`)
  // npm takes a relative path without `./` for a repository on GitHub, so the whole path is printed.
  const { filename } = tarballs.find(({ name }) => name === '@kitty/cli')
  process.stdout.write(`\nTo install the command: npm install --global "${filename}"\n`)
}

/** Copies the tarballs to another folder, and links them there as `--pack` does. */
const linkedIn = (folder, tarballs) => {
  mkdirSync(folder)
  const copies = tarballs.map((each) => ({
    ...each,
    filename: join(folder, basename(each.filename)),
  }))
  for (const [at, { filename }] of copies.entries()) copyFileSync(tarballs[at].filename, filename)
  linkTarballs(copies)
  return copies
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
    // What they need comes from the same folder, without a word about it in the project.
    for (const each of linkedIn(join(folder, 'linked'), tarballs)) {
      const name = `linked-${each.name.split('/')[1]}`
      await use(name, { wanted: [each], program: 'imports.js', tarballs: [] })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})
