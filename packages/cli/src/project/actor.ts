import type { Project } from './project.js'

/** Who a person is where nothing else is said. */
const OPERATOR = 'operator'

const LONGEST = 200

/** A name as a record takes it: on one line, and no longer than may be. */
const asActor = (name: string): string => {
  const line = name.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
  return line.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '')
}

/** The person at work: with `ops.actor: git` by git's name for them. Throws as `readConfig` does. */
const person = async ({ root, caller, settings }: Project): Promise<string> => {
  // A script has no name of its own, and must not take that of a person.
  if (caller !== 'person') return OPERATOR
  const { actor } = await settings()
  if (actor !== 'git') return OPERATOR
  const { userName } = await import('@kitty/git-commit')
  return asActor((await userName(root)) ?? '') || OPERATOR
}

/** Who is at work: what a flag or `SPEC_KITTY_ACTOR` says, then an agent that gives itself away, then a person. */
export const defaultActor = async (
  named: string | undefined,
  project: Project,
): Promise<string> => {
  const { actor, agent } = project.environment
  return named ?? actor ?? agent ?? (await person(project))
}
