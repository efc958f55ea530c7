// Since git 2.54, hooks can also be configured in settings, which `core.hooksPath` does not cover. These are the
// events that the commands used here trigger. git 2.54 itself disables hooks only by name: see `hooksOff`.
const EVENTS = ['reference-transaction', 'post-index-change', 'pre-auto-gc']

/** Settings that stop git from running hooks, from quoting paths, and from giving up at once on a database of refs. */
export const SETTINGS: readonly string[] = [
  'core.hooksPath=/dev/null',
  ...EVENTS.map((event) => `hook.${event}.enabled=false`),
  'core.quotePath=false',
  // The database has one lock for all refs: the branch and the ledger wait for each other.
  'reftable.lockTimeout=2000',
]

/**
 * For commands that only read the index: skips the user's fsmonitor hook, which can be slow. The fsmonitor data in
 * the index stays as it is.
 */
export const UNMONITORED = ['core.fsmonitor=false']

// The name of a filter or hook can contain `=`, at which `-c` would end the name. No value used here contains one.
const split = (setting: string): readonly [name: string, value: string] => {
  const at = setting.lastIndexOf('=')
  return [setting.slice(0, at), setting.slice(at + 1)]
}

const isPlain = (setting: string): boolean => !split(setting)[0].includes('=')

/** Converts settings (`name=value`) to `-c` arguments. Leaves out those that git would misparse. */
export const asArguments = (settings: readonly string[]): string[] =>
  settings.filter(isPlain).flatMap((setting) => ['-c', setting])

/**
 * Converts the settings that `asArguments` leaves out to environment variables, numbered after those that the
 * environment already defines.
 */
export const asVariables = (
  settings: readonly string[],
  { GIT_CONFIG_COUNT = '0' }: NodeJS.ProcessEnv,
): Record<string, string> => {
  const pairs = settings.filter((setting) => !isPlain(setting)).map(split)
  if (pairs.length === 0) return {}
  const first = Number(GIT_CONFIG_COUNT)
  const variables = pairs.flatMap(([name, value], number) => [
    [`GIT_CONFIG_KEY_${first + number}`, name],
    [`GIT_CONFIG_VALUE_${first + number}`, value],
  ])
  return { ...Object.fromEntries(variables), GIT_CONFIG_COUNT: `${first + pairs.length}` }
}

/** Stops git from prompting, from taking optional locks and from using the network. */
const ENVIRONMENT = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  // No transport has this name, so a partial clone cannot fetch missing objects.
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_LAZY_FETCH: '1',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_EDITOR: ':',
  GIT_ASKPASS: '',
  SSH_ASKPASS: '',
}

// Other `GIT_` variables are dropped: those set by a hook point git at another index or repository. The user's
// choice of identity is kept.
const KEPT = /^GIT_(AUTHOR|COMMITTER)_(NAME|EMAIL|DATE)$|^GIT_CONFIG|^GIT_EXEC_PATH$|^GIT_SSL/

const build = (): Record<string, string | undefined> => {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('GIT_') || KEPT.test(name),
  )
  return { ...Object.fromEntries(own), ...ENVIRONMENT }
}

let built: Record<string, string | undefined> | undefined

/** Returns the environment for git. Building it is slow, so calls in the same turn of the event loop share one. */
export const gitEnvironment = (): Readonly<Record<string, string | undefined>> => {
  if (built === undefined) {
    built = build()
    setImmediate(() => {
      built = undefined
    })
  }
  return built
}
