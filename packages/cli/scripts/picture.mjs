// Writes docs/images/report.png: a browser's view of the report of a generated store.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { findChromium, startChromium } from './browser.mjs'
import { writeSampleStore } from './sample-store.mjs'

const program = fileURLToPath(new URL('../bin/run.js', import.meta.url))
const picture = fileURLToPath(new URL('../../../docs/images/report.png', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'kitty-picture-'))
const root = join(folder, 'atlas')

try {
  mkdirSync(root)
  writeSampleStore(root, { count: 240, until: Date.now() })
  const page = join(folder, 'report.html')
  execFileSync(process.execPath, [program, 'ops', 'report', '--root', root, '--output', page])
  const browser = await startChromium(findChromium())
  const tab = await browser.newPage({ viewport: { width: 1240, height: 1180 } })
  await tab.goto(pathToFileURL(page).href)
  await tab.waitForTimeout(1_000)
  await tab.screenshot({ path: picture })
  await browser.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
