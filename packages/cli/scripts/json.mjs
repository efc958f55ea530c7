// Writes docs/json.md from the schemas in src/json and from real runs. With --check, only reports whether it differs.
import { readFile } from 'node:fs/promises'
import { GROUPS, REGISTRY } from '../dist/app/registry.js'
import { ERROR_OUTPUT, HELP, OUTPUTS, VERSION_OUTPUT } from '../dist/json/outputs.js'
import { writeGenerated } from './generated.mjs'
import { runExamples } from './json-examples.mjs'
import { baseOf, sharedBy, tableOf } from './json-tables.mjs'

const INTRODUCTION = new URL('json-introduction.md', import.meta.url)

const WIDTH = 100

/** Indented JSON with everything that fits a line on one line. */
const compact = (value, indent = '') => {
  const line = JSON.stringify(value, undefined, 1)?.replaceAll(/\n\s*/g, ' ') ?? 'null'
  if (typeof value !== 'object' || value === null || indent.length + line.length <= WIDTH)
    return line
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  const items = Object.entries(value).map(([key, item]) => {
    const name = Array.isArray(value) ? '' : `${JSON.stringify(key)}: `
    return `${indent}  ${name}${compact(item, `${indent}  `)}`
  })
  return `${open}\n${items.join(',\n')}\n${indent}${close}`
}

const word = (text) => (/^[\w./-]+$/.test(text) ? text : JSON.stringify(text))

const example = ({ argv, json, stdin }) => {
  const flags = argv.includes('--json') ? [] : ['--json']
  const input = stdin === undefined ? [] : ['echo', `'${stdin}'`, '|']
  const line = [...input, 'spec-kitty', ...argv.map(word), ...flags].join(' ')
  return `\`\`\`console\n$ ${line}\n\`\`\`\n\n\`\`\`json\n${compact(json)}\n\`\`\`\n`
}

const part = ({ when, schema }, shown) => {
  if (shown === undefined) return `**${when}:** \`{}\`.\n`
  return [when && `**${when}:**\n`, example(shown), tableOf(schema)].filter(Boolean).join('\n')
}

const shared = new Map()

const section = (title, outputs, examples) => {
  for (const { schema } of outputs) sharedBy(schema, shared)
  const parts = outputs.map((output, number) => part(output, examples[number]))
  return `## ${title}\n\n${parts.join('\n')}`
}

/** A section for a command that prints what an earlier one prints. */
const sameAs = (name, other, [shown]) =>
  `## \`${name}\`\n\nThe fields are those of [\`${other}\`](#${other.replaceAll(' ', '-')}).\n\n${example(shown)}`

const all = await runExamples()

const sections = []
for (const [name, outputs] of Object.entries(OUTPUTS)) {
  const earlier = Object.keys(OUTPUTS).find((other) => {
    const [first, ...more] = OUTPUTS[other]
    return first.schema === outputs[0].schema && more.length + 1 === outputs.length
  })
  const examples = all.get(name) ?? []
  if (earlier === name) sections.push(section(`\`${name}\``, outputs, examples))
  else sections.push(sameAs(name, earlier, examples))
}
sections.push(
  section('`--help`', HELP, all.get('--help')),
  section('`--version`', VERSION_OUTPUT, all.get('--version')),
  section('An error', ERROR_OUTPUT, all.get('error')),
)
for (const [title, schema] of [...shared].sort()) {
  sections.push(`## ${title}\n\n${baseOf(schema)}${tableOf(schema)}`)
}

const link = (name) => `[\`${name}\`](#${name.replaceAll(' ', '-')})`
const contents = GROUPS.map((group) => {
  const names = [...REGISTRY.keys()].filter((name) => REGISTRY.get(name).group === group)
  return `- **${group}:** ${names.map(link).join(' · ')}\n`
})
const introduction = (await readFile(INTRODUCTION, 'utf8'))
  .replace('CONTENTS\n', contents.join(''))
  .replaceAll('](../../../docs/json.md#', '](#')
  .replaceAll('](../../../docs/', '](')
const text = [introduction, ...sections].join('\n')

await writeGenerated('json.md', text, {
  source: 'commands',
  command: 'npm run build && node packages/cli/scripts/json.mjs',
})
