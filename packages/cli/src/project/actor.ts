import type { Project } from './project.js'

/** The name of a person by default. */
const OPERATOR = 'operator'

const LONGEST = 200

/** Makes a name valid for a record: one line of limited length. */
const asActor = (name: string): string => {
  const line = name.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
  return line.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '')
}

/** The name of a person: that of git with `ops.actor: git`. Throws as `readConfig` does. */
const person = async ({ root, caller, settings }: Project): Promise<string> => {
  // A script must not be recorded under the name of a person.
  if (caller !== 'person') return OPERATOR
  const { actor } = await settings()
  if (actor !== 'git') return OPERATOR
  const { userName } = await import('@kitty/git-commit/inspect')
  return asActor((await userName(root)) ?? '') || OPERATOR
}

/** The actor: from a flag, `SPEC_KITTY_ACTOR`, the detected agent, or else a person. */
export const defaultActor = async (
  named: string | undefined,
  project: Project,
): Promise<string> => {
  const { actor, agent } = project.environment
  return named ?? actor ?? agent ?? (await person(project))
}
