import { ok, type Result, stop } from '../git/result.js'
import { type ProtectionFault, readProtection } from '../project-config/protection-section.js'
import { readYaml } from '../project-config/yaml-text.js'

/** The project's own list, used exactly. `branches` is `undefined` if the project has none. */
export type ProtectionConfig = { readonly branches: readonly string[] | undefined }

const WORDS: Readonly<Record<ProtectionFault['kind'], string>> = {
  'no mapping': 'must be a mapping',
  'no list': 'must be a list of branch names',
  'no name': 'must be the name of a branch',
  empty: 'must not be empty',
  ref: 'must be a name as git branch shows it, without refs/heads/',
}

const invalid = (path: string, line: number, what: string) =>
  stop({
    status: 'refused' as const,
    code: 'CONFIG_INVALID',
    message: `${path}, line ${line}: ${what}.`,
    hint: 'Set protection.protected_branches to a list of branch names; [] protects none.',
  })

/** Parses the text of the file at `path`. Invalid content is refused and never replaced by a default. */
export const parseProtectionConfig = (text: string, path: string): Result<ProtectionConfig> => {
  const yaml = readYaml(text)
  if (!yaml.ok) return invalid(path, yaml.line, yaml.message)
  const { branches, faults } = readProtection(yaml.data)
  const [fault] = faults
  if (fault === undefined) return ok({ branches })
  const { kind, place } = fault
  return invalid(path, yaml.lineOf(place), `${place.join('.') || 'the file'} ${WORDS[kind]}`)
}
