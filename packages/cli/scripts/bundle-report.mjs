// Bundles the script and the style sheet of the page of `ops report`. The command puts both into the page.
import { join } from 'node:path'
import { build } from 'esbuild'

/** Bundles the script and the style sheet into a folder. Returns the files that were bundled. */
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
    // The script must not depend on the encoding of the page.
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  })
  return Object.keys(metafile.inputs)
}
