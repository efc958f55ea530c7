// Bundles what the page of `ops report` runs and looks like; the command puts both into the page.
import { join } from 'node:path'
import { build } from 'esbuild'

/** Bundles the page's script and style into a folder, and gives the files that went in. */
export const bundleReport = async (root, outdir) => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['report-page/main.ts', 'report-page/main.css'],
    outdir: join(outdir, 'report-page'),
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: ['chrome117', 'firefox121', 'safari17.4'],
    minify: true,
    // A character beyond ASCII in the script must not depend on how a page is read.
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  })
  return Object.keys(metafile.inputs)
}
