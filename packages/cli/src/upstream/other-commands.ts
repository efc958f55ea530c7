/** The commands of the Python spec-kitty. A word here is never a typing mistake for a command of ours. */
const OTHER_COMMANDS: ReadonlySet<string> = new Set([
  'accept',
  'agent',
  'auth',
  'charter',
  'config',
  'context',
  'dashboard',
  'glossary',
  'implement',
  'init',
  'list-legacy-features',
  'merge',
  'migrate',
  'mission',
  'next',
  'orchestrator-api',
  'plan',
  'profiles',
  'repair',
  'research',
  'review',
  'specify',
  'sync',
  'tasks',
  'tracker',
  'upgrade',
  'validate-encoding',
  'validate-tasks',
  'verify-setup',
])

/** Topics that are ours alone: nothing below them is passed on. */
const OWN_TOPICS: ReadonlySet<string> = new Set(['hooks', 'ops'])

/** Whether a command line without a command of ours can be meant for another program. */
export const canBeOther = ([first]: readonly string[], isNearMiss: boolean): boolean => {
  if (first === undefined || OWN_TOPICS.has(first)) return false
  return OTHER_COMMANDS.has(first) || !isNearMiss
}
