import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../package-info.js'
import type { PageParts } from './page.js'

/** Reads what the build has put together for the page. */
export const readPageParts = async (): Promise<PageParts> => {
  const read = (name: string) => readFile(join(PACKAGE_ROOT, 'bundle', 'report-page', name), 'utf8')
  const [script, style] = await Promise.all([read('main.js'), read('main.css')])
  return { script, style }
}
