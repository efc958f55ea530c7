// Writes docs/cli.md from the built commands. With --check, only reports whether it differs.
import { readFile, writeFile } from 'node:fs/promises'
import { helpText } from '../dist/app/help.js'
import { REGISTRY } from '../dist/app/registry.js'

const TARGET = new URL('../../../docs/cli.md', import.meta.url)
const INTRODUCTION = new URL('reference-introduction.md', import.meta.url)
const STYLE = { coloured: false, width: 96 }

const section = async (name) =>
  `## \`spec-kitty ${name}\`\n\n\`\`\`text\n${(await helpText(name, STYLE)).trim()}\n\`\`\`\n`

const sections = []
for (const name of REGISTRY.keys()) sections.push(await section(name))
const introduction = (await readFile(INTRODUCTION, 'utf8')).replaceAll('](../../../docs/', '](')
const text = [introduction, ...sections].join('\n')

if (process.argv.includes('--check')) {
  const present = await readFile(TARGET, 'utf8').catch(() => '')
  if (present !== text) {
    console.error(
      'docs/cli.md differs from the commands. Run: node packages/cli/scripts/reference.mjs',
    )
    process.exitCode = 1
  }
} else {
  await writeFile(TARGET, text)
}
