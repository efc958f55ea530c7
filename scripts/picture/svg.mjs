import { piecesOf } from './ansi.mjs'

const [CHAR, LINE, SIDE, TOP] = [8.4, 20, 20, 52]

const STYLE = `
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d5dae3; white-space: pre }
.bold { font-weight: 700 } .dim { fill: #8b95a7 } .underline { text-decoration: underline }
.red { fill: #ff8a80 } .green { fill: #8bd49c } .yellow { fill: #f0c674 } .cyan { fill: #81d4fa }`

const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const unescaped = (text) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

const span = ({ text, looks }) =>
  `<tspan${looks.length > 0 ? ` class="${looks.join(' ')}"` : ''}>${escaped(text)}</tspan>`

const textLine = (line, number) =>
  `<text x="${SIDE}" y="${TOP + number * LINE}" xml:space="preserve">${piecesOf(line).map(span).join('')}</text>`

/** Draws lines of terminal output in a window of so many columns. `title` is for readers that see no picture. */
export const terminalSvg = (lines, { columns, title }) => {
  const [width, height] = [Math.ceil(columns * CHAR) + 2 * SIDE, TOP + lines.length * LINE + 4]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<style>${STYLE}
</style>
<rect width="${width}" height="${height}" rx="10" fill="#1b1f27"/>
<circle cx="22" cy="20" r="6" fill="#ff5f57"/><circle cx="42" cy="20" r="6" fill="#febc2e"/><circle cx="62" cy="20" r="6" fill="#28c840"/>
${lines.map(textLine).join('\n')}
</svg>
`
}

/** Returns the lines of text in such a picture, with their looks. */
export const linesOfSvg = (svg) =>
  [...svg.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, inner]) => unescaped(inner))
