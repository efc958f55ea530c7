// Checks every package as a user gets it: packed, looked at by publint and attw, then installed from the
// tarball into an empty folder (the record package alone, then all of them) and used there.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useInstalled } from './packed/installed.mjs'
import { checkTarballs, packAll } from './packed/tarballs.mjs'
import { main } from './trouble.mjs'

await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kitty-packed-'))
  try {
    const packed = join(folder, 'tarballs')
    mkdirSync(packed)
    const tarballs = await packAll(packed)
    await checkTarballs(tarballs)
    const record = tarballs.filter(({ name }) => name === '@kitty/record')
    await useInstalled(join(folder, 'alone'), record, 'record-alone.js')
    await useInstalled(join(folder, 'all'), tarballs, 'everything.js')
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})
