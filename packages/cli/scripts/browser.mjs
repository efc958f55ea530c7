// Finds and starts a headless Chromium for pictures and tests.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

const onPath = () =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path))

const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  join(process.env.PROGRAMFILES ?? '', 'Google', 'Chrome', 'Application', 'chrome.exe'),
  join(process.env['PROGRAMFILES(X86)'] ?? '', 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
]

/** The path of a Chromium, or `undefined` if there is none. `KITTY_CHROMIUM` overrides it. */
export const findChromium = () =>
  process.env.KITTY_CHROMIUM ?? onPath() ?? PLACES.find((path) => existsSync(path))

/** Starts Chromium, without its sandbox, which does not work for root in a container. */
export const startChromium = (executablePath) =>
  chromium.launch({
    executablePath,
    args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  })
