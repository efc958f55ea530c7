// node scripts/layers.mjs: holds the folders of all sources to scripts/layers/folders.mjs, and draws in
// docs/architecture.md which folder imports which. With --check it only fails where the drawing differs.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readLayers } from './layers/cruise.mjs'
import { drawingOf } from './layers/graph.mjs'
import { top } from './run.mjs'
import { main, Trouble } from './trouble.mjs'

const file = join(top, 'docs', 'architecture.md')
const DRAWN = /(<!-- Drawn by `npm run layers`; not for editing. -->\n\n)```mermaid\n[^`]*```/

await main(async () => {
  const { modules, wrong } = await readLayers(top)
  if (wrong.length > 0) throw new Trouble(wrong.join('\n'))
  const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n')
  const drawn = text.replace(DRAWN, (_, marker) => `${marker}${drawingOf(modules)}`)
  if (drawn === text) return
  if (!process.argv.includes('--check')) writeFileSync(file, drawn)
  else
    throw new Trouble(
      'The drawing in docs/architecture.md is not of these sources. Run: npm run layers',
    )
})
