// The environment of git where it uses the network: what the user has set for that is kept, and without a terminal
// nothing asks.

/** What a person sets so that git reaches a server: how to start ssh, a proxy, a program that knows passwords, traces. */
const KEPT =
  /^GIT_(?:SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|TERMINAL_PROMPT|ALLOW_PROTOCOL|PROTOCOL_FROM_USER|PROXY_\w+|HTTP_\w+|CURL_\w+)$/

/** These would change what the hooks of a server at a path see. */
const LOCAL_ONLY = ['GIT_LITERAL_PATHSPECS', 'GIT_OPTIONAL_LOCKS']

/** Variables by name; `undefined` removes one. */
type Changes = Readonly<Record<string, string | undefined>>

/** A program that asks in a window of its own is not started; one that the user named for git can answer by itself. */
const WITHOUT_PROMPTS = {
  GIT_TERMINAL_PROMPT: '0',
  SSH_ASKPASS: '',
  SSH_ASKPASS_REQUIRE: 'never',
  GCM_INTERACTIVE: 'never',
}

const OPENSSH = /^\s*(?:"[^"]*[\\/]ssh(?:\.exe)?"|(?:[^\s"']*[\\/])?ssh(?:\.exe)?)(?=\s|$)/i

/**
 * The command that starts ssh without prompts. Returns `undefined` if another program than OpenSSH was chosen: then
 * the missing terminal keeps it from asking.
 */
const sshWithoutPrompts = (
  { GIT_SSH_COMMAND, GIT_SSH }: NodeJS.ProcessEnv,
  configured: string | undefined,
): string | undefined => {
  const command = GIT_SSH_COMMAND ?? configured ?? (GIT_SSH === undefined ? 'ssh' : undefined)
  return command !== undefined && OPENSSH.test(command) ? `${command} -o BatchMode=yes` : undefined
}

/** How git uses the network. */
export type NetworkUse = {
  /** Whether a person at a terminal can be asked for a password. */
  readonly canPrompt: boolean
  /** The setting `core.sshCommand`. */
  readonly sshCommand?: string | undefined
}

/** Returns what changes in the environment of git if it may use the network. */
export const networkEnvironment = (
  { canPrompt, sshCommand }: NetworkUse,
  env: NodeJS.ProcessEnv = process.env,
): Changes => {
  const kept = Object.entries(env).filter(([name]) => KEPT.test(name))
  const ssh = canPrompt ? undefined : sshWithoutPrompts(env, sshCommand)
  return {
    ...Object.fromEntries(LOCAL_ONLY.map((name) => [name, undefined])),
    GIT_ALLOW_PROTOCOL: undefined,
    GIT_ASKPASS: undefined,
    GIT_TERMINAL_PROMPT: undefined,
    SSH_ASKPASS: env.SSH_ASKPASS,
    ...Object.fromEntries(kept),
    ...(!canPrompt && WITHOUT_PROMPTS),
    ...(ssh !== undefined && { GIT_SSH_COMMAND: ssh }),
  }
}
