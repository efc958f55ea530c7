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
