import { readYaml, type YamlText } from '@kitty/git-commit/project-config'
import { KittyError } from '@kitty/record'
import { type ConfigIssue, checkConfig, SETTING_NAMES } from './config-schema.js'
import type { Settings } from './settings.js'

const lineOf = (yaml: YamlText, { path, unknownName }: ConfigIssue): number => {
  if (!unknownName) return yaml.lineOf(path)
  const [section, name] = path.map(String)
  return yaml.linesUnder(section ?? '').get(name ?? '') ?? 1
}

/** The known names in each section that has a problem. */
const namesFor = (issues: readonly ConfigIssue[]): string => {
  const sections = issues.map(({ path: [name] }) => (name === 'protection' ? name : 'ops'))
  return [...new Set(sections)]
    .map((section) => `The settings under "${section}" are: ${SETTING_NAMES[section].join(', ')}.`)
    .join(' ')
}

const PATTERNS_HINT =
  'Each entry of ops.redact_patterns must be a JavaScript regular expression that does not match the empty text.'

const hintFor = (problems: number, issues: readonly ConfigIssue[]): string => {
  const todo = problems === 1 ? 'Correct the line.' : 'Correct the lines.'
  const inPatterns = issues.some(({ path }) => path[1] === 'redact_patterns' && path.length > 2)
  return [todo, ...(inPatterns ? [PATTERNS_HINT] : []), namesFor(issues)].join(' ').trim()
}

/** A problem with its line. */
type Located = { readonly line: number; readonly what: string }

const located = (yaml: YamlText, issue: ConfigIssue): Located => ({
  line: lineOf(yaml, issue),
  what: `${issue.path.join('.') || 'the file'} ${issue.message}`,
})

const inOrder = (problems: readonly Located[]): readonly Located[] =>
  problems.toSorted((one, other) => one.line - other.line)

/** All problems in one line: `config.yaml:2: …; line 3: …`. */
const invalidConfig = (
  path: string,
  problems: readonly Located[],
  issues: readonly ConfigIssue[] = [],
): KittyError => {
  const [first, ...others] = inOrder(problems)
  const more = others.map(({ line, what }) => `; line ${line}: ${what}`).join('')
  const hint = hintFor(problems.length, issues)
  return new KittyError('CONFIG_INVALID', `${path}:${first?.line}: ${first?.what}${more}`, { hint })
}

/**
 * Parses the text of a configuration file. `path` is only for messages.
 *
 * @throws KittyError `CONFIG_INVALID`, with the line of each problem.
 */
export const parseConfig = (text: string, path: string): Settings => {
  const yaml = readYaml(text)
  if (!yaml.ok) {
    // Too many aliases are not the problem of one line.
    const line = yaml.trouble === 'aliases' ? 1 : yaml.line
    throw invalidConfig(path, [{ line, what: yaml.message }])
  }
  const checked = checkConfig(yaml.data)
  if (checked.ok) return checked.settings
  const problems = checked.issues.map((issue) => located(yaml, issue))
  throw invalidConfig(path, problems, checked.issues)
}

/** The line of each setting, by names such as `ops.commit`. Caller must have parsed the text with `parseConfig`. */
export const linesOfSettings = (text: string): ReadonlyMap<string, number> => {
  const yaml = readYaml(text)
  if (!yaml.ok) return new Map()
  const found = Object.keys(SETTING_NAMES).flatMap((section) =>
    [...yaml.linesUnder(section)].map(([name, line]) => [`${section}.${name}`, line] as const),
  )
  return new Map(found)
}
