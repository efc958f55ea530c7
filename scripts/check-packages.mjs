// npm run packed: checks the packages as users get them. Packs them, runs publint and attw on each tarball, then
// installs the tarballs into empty folders (each alone and all together, with npm and with pnpm) and uses them there.
// `--node 24` uses them with that version of Node. `--pack FOLDER` only packs them into that folder, so that each can be
// installed from there with those it needs; the check does that, too.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { atOnce } from './packed/at-once.mjs'
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
    await use('all', { wanted: tarballs, program: 'everything.js', types: true })
    await use('all-pnpm', { wanted: tarballs, program: 'everything.js', installer: 'pnpm' })
    const one = { program: 'imports.js', installer: 'pnpm', types: true }
    const shortOf = ({ name }) => name.split('/')[1]
    await atOnce(tarballs.map((each) => use(shortOf(each), { wanted: [each], ...one })))
    // What they need comes from the same folder, without a word about it in the project.
    const linked = { program: 'imports.js', tarballs: [] }
    const copies = linkedIn(join(folder, 'linked'), tarballs)
    await atOnce(
      copies.map((each) => use(`linked-${shortOf(each)}`, { wanted: [each], ...linked })),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})
