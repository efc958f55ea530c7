import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../package-info.js'
import { MARKUP } from './markup.js'
import type { ReportData } from './reported.js'

/** The script and the style sheet of the page, from the build. */
type PageParts = { readonly script: string; readonly style: string }

const digestOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** The policy of the page: it fetches and sends nothing and runs only this script, whatever a record contains. */
const policyOf = ({ script, style }: PageParts): string =>
  [
    "default-src 'none'",
    `script-src ${digestOf(script)}`,
    `style-src ${digestOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')

/** Data as JSON in the page. No text in it can end its element or begin a comment. */
const embedded = (data: ReportData): string => JSON.stringify(data).replaceAll('<', '\\u003c')

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Builds one page that needs no network and no other file. */
export const pageOf = (data: ReportData, parts: PageParts): string => `\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(parts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="spec-kitty ops report">
<title>${escaped(data.title)}</title>
<style>${parts.style}</style>
</head>
<body>
${MARKUP}
<script type="application/json" id="data">${embedded(data)}</script>
<script>${parts.script}</script>
</body>
</html>
`

/** Reads the script and the style sheet from the build. */
export const readPageParts = async (): Promise<PageParts> => {
  const read = (name: string) => readFile(join(PACKAGE_ROOT, 'bundle', 'report-page', name), 'utf8')
  const [script, style] = await Promise.all([read('main.js'), read('main.css')])
  return { script, style }
}
