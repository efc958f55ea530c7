/** Runs `fn` while this process has other variables; `undefined` removes one. */
export const withEnv = async <T>(
  variables: Readonly<Record<string, string | undefined>>,
  fn: () => Promise<T>,
): Promise<T> => {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const)
  const set = (entries: readonly (readonly [string, string | undefined])[]): void => {
    for (const [name, value] of entries) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
  set(Object.entries(variables))
  try {
    return await fn()
  } finally {
    set(before)
  }
}
