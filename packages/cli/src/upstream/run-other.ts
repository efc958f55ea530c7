import { execa } from 'execa'
import type { Io, Variables } from '../command/io.js'
import type { Signals } from '../op/signals.js'

/** Another `spec-kitty`, and the environment for it. */
export type Other = { readonly program: string; readonly variables: Variables }

const environmentOf = ({ variables }: Other, { cwd }: Io) =>
  ({ cwd, env: variables, extendEnv: false, reject: false }) as const

/** How another program ended. */
type Ended = {
  readonly exitCode?: number | undefined
  readonly signal?: NodeJS.Signals | undefined
  readonly shortMessage?: string | undefined
}

/** Runs another program with the standard streams of this process. Signals are passed on to it. */
export const runOther = async (
  other: Other,
  argv: readonly string[],
  io: Io,
  signals: Signals,
): Promise<Ended> => {
  const { stdin, stdout, stderr } = io.inheritedStdio
  const child = execa(other.program, argv, {
    ...environmentOf(other, io),
    stdio: [stdin, stdout, stderr],
    buffer: false,
    forceKillAfterDelay: false,
  })
  signals.forwardTo((signal) => child.kill(signal))
  return child
}

/** Runs another program with a text as its input. Returns what it writes to standard output, however it ends. */
export const outputOfOther = async (
  other: Other,
  argv: readonly string[],
  io: Io,
  input: string,
): Promise<string> => {
  const { stdout } = await execa(other.program, argv, {
    ...environmentOf(other, io),
    input,
    stderr: 'ignore',
    stripFinalNewline: false,
  })
  return stdout ?? ''
}
