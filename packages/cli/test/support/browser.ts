import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'

const script = (name: string) =>
  import(fileURLToPath(new URL(`../../scripts/${name}.mjs`, import.meta.url)))

/** The path of a Chromium. In CI there must be one. */
export const chromium: string | undefined = (await script('browser')).findChromium()

export const isBrowserOwed: boolean = process.env.CI !== undefined

export const startBrowser = async (): Promise<Browser> =>
  (await script('browser')).startChromium(chromium)

type Sample = { readonly count: number; readonly until: number; readonly days?: number }

/** Fills a store with generated Ops. Returns their ids. */
export const writeSampleStore = async (root: string, sample: Sample): Promise<readonly string[]> =>
  (await script('sample-store')).writeSampleStore(root, sample)
