// Writes docs/cli.md from the built commands. With --check, only reports whether it differs.
import { readFile } from 'node:fs/promises'
import { helpText } from '../dist/app/help.js'
import { REGISTRY } from '../dist/app/registry.js'
import { writeGenerated } from './generated.mjs'

const INTRODUCTION = new URL('reference-introduction.md', import.meta.url)
const STYLE = { coloured: false, width: 96 }

const section = async (name) =>
  `## \`spec-kitty ${name}\`\n\n\`\`\`text\n${(await helpText(name, STYLE)).trim()}\n\`\`\`\n`

const sections = []
for (const name of REGISTRY.keys()) sections.push(await section(name))
const introduction = (await readFile(INTRODUCTION, 'utf8')).replaceAll('](../../../docs/', '](')
const text = [introduction, ...sections].join('\n')

await writeGenerated('cli.md', text, {
  source: 'commands',
  command: 'node packages/cli/scripts/reference.mjs',
})
