import { readYaml, type YamlText } from '@kitty/git-commit/project-config'
import { KittyError } from '@kitty/record'
import { type ConfigIssue, checkConfig, SETTING_NAMES } from './config-schema.js'
import type { Settings } from './settings.js'

const lineOf = (yaml: YamlText, { path, unknownName }: ConfigIssue): number => {
  if (!unknownName) return yaml.lineOf(path)
  const [section, name] = path.map(String)
  return yaml.linesUnder(section ?? '').get(name ?? '') ?? 1
}

const namesFor = (section: string): string => {
  const known = section === 'protection' ? section : 'ops'
  return `The settings under "${known}" are: ${SETTING_NAMES[known].join(', ')}.`
}

/**
 * Parses the text of a configuration file. `path` is only for messages.
 *
 * @throws KittyError `CONFIG_INVALID`, with the line of the first problem.
 */
export const parseConfig = (text: string, path: string): Settings => {
  const invalid = (line: number, what: string, section = 'ops'): KittyError =>
    new KittyError('CONFIG_INVALID', `${path}:${line}: ${what}`, {
      hint: `Correct the line. ${namesFor(section)}`,
    })
  const yaml = readYaml(text)
  // Too many aliases are not the problem of one line.
  if ('trouble' in yaml) throw invalid(yaml.trouble === 'aliases' ? 1 : yaml.line, yaml.message)
  const checked = checkConfig(yaml.data)
  if (!('path' in checked)) return checked
  const name = checked.path.join('.') || 'the file'
  throw invalid(lineOf(yaml, checked), `${name} ${checked.message}`, String(checked.path[0]))
}

/** The line of each setting, by names such as `ops.commit`. Caller must have parsed the text with `parseConfig`. */
export const linesOfSettings = (text: string): ReadonlyMap<string, number> => {
  const yaml = readYaml(text)
  if ('trouble' in yaml) return new Map()
  const found = Object.keys(SETTING_NAMES).flatMap((section) =>
    [...yaml.linesUnder(section)].map(([name, line]) => [`${section}.${name}`, line] as const),
  )
  return new Map(found)
}
