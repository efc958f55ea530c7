// From git 2.54 on, hooks may stand in the configuration, where `core.hooksPath` does not reach them. These are
// the events of what is done here; git 2.54 itself knows hooks by their names alone, see `hooksOff`.
const EVENTS = ['reference-transaction', 'post-index-change', 'pre-auto-gc']

/** What keeps git from running hooks, and from putting paths in quotes. */
export const SETTINGS: readonly string[] = [
  'core.hooksPath=/dev/null',
  ...EVENTS.map((event) => `hook.${event}.enabled=false`),
  'core.quotePath=false',
]

/**
 * For commands that read the index and do not write it: they do without the user's fsmonitor hook,
 * which may take its time, and the index keeps what it knows of it.
 */
export const UNMONITORED = ['core.fsmonitor=false']

// The name of a filter or a hook may hold `=`, where `-c` would end the name of the setting. No value here does.
const split = (setting: string): readonly [name: string, value: string] => {
  const at = setting.lastIndexOf('=')
  return [setting.slice(0, at), setting.slice(at + 1)]
}

const isPlain = (setting: string): boolean => !split(setting)[0].includes('=')

/** Settings, each `name=value`, as arguments for git; those that it would misread are left out. */
export const asArguments = (settings: readonly string[]): string[] =>
  settings.filter(isPlain).flatMap((setting) => ['-c', setting])

/** Those that are left out, as variables. Others may tell git of settings so too: ours come after them. */
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

/** What keeps git from prompting, and from taking locks or the network for queries. */
const ENVIRONMENT = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  // No transport has this name, so a partial clone cannot fetch what it lacks.
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_LAZY_FETCH: '1',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_EDITOR: ':',
  GIT_ASKPASS: '',
  SSH_ASKPASS: '',
}

// A hook's variables point git at another index or repository; who commits is the user's choice.
const KEPT = /^GIT_(AUTHOR|COMMITTER)_(NAME|EMAIL|DATE)$|^GIT_CONFIG|^GIT_EXEC_PATH$|^GIT_SSL/

const build = (): Record<string, string | undefined> => {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('GIT_') || KEPT.test(name),
  )
  return { ...Object.fromEntries(own), ...ENVIRONMENT }
}

let built: Record<string, string | undefined> | undefined

/** The environment that git is started in. It takes its time to put together, so one serves all in a row. */
export const gitEnvironment = (): Readonly<Record<string, string | undefined>> => {
  if (built === undefined) {
    built = build()
    setImmediate(() => {
      built = undefined
    })
  }
  return built
}
