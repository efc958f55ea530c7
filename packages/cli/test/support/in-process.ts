import { EventEmitter } from 'node:events'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WritableStream } from 'node:stream/web'
import { main } from '../../src/app/main.js'
import type { Io, Output, Variables } from '../../src/command/io.js'
import { holdToSchema } from './held-json.js'

/** The result of a run. */
export type Run = { readonly status: number; readonly stdout: string; readonly stderr: string }

export type RunOptions = {
  readonly variables?: Variables
  readonly stdin?: string
  /** All three streams are a terminal. */
  readonly terminal?: boolean
  /** The width of the terminal; unknown by default. */
  readonly columns?: number
  readonly now?: Date
  readonly signals?: EventEmitter
}

const AGENTS =
  /^(CLAUDECODE$|CLAUDE_|CODEX_|GEMINI_CLI$|CURSOR_|COPILOT_|OPENCODE|AMP_|AGENT$|SPEC_KITTY_|NO_COLOR$|TERM$|DEBUG$)/

/** A home folder for each process of tests: hooks can be installed there, and the doctor reads them. */
const HOME = join(tmpdir(), `kitty-test-home-${process.pid}`)
process.once('exit', () => rmSync(HOME, { recursive: true, force: true }))

/** The environment of this process, without the variables that the program reads, and with a home folder of its own. */
export const plainVariables = (): Variables => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !AGENTS.test(name))),
  HOME,
  USERPROFILE: HOME,
  XDG_STATE_HOME: undefined,
  ...(process.platform === 'win32' && { LOCALAPPDATA: join(HOME, 'AppData', 'Local') }),
})

const capture = (isTTY: boolean, columns: number | undefined) => {
  const parts: string[] = []
  const write = (part: string): void => void parts.push(part)
  const output: Output = { isTTY, columns, write }
  const stream = () =>
    new WritableStream<Uint8Array>({ write: (chunk) => write(Buffer.from(chunk).toString()) })
  return { output, stream, written: () => parts.join('') }
}

const asksForJson = (argv: readonly string[]): boolean =>
  argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length).includes('--json')

/** Runs the program in this process, from source, with its own streams and environment. JSON is held to its schema. */
export const runIn = async (
  cwd: string,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<Run> => {
  const { terminal = false, stdin = '', signals = new EventEmitter() } = options
  const out = capture(terminal, options.columns)
  const err = capture(terminal, options.columns)
  const io: Io = {
    variables: { ...plainVariables(), ...options.variables },
    cwd,
    stdin: { isTTY: terminal, read: async () => Buffer.from(stdin) },
    stdout: out.output,
    stderr: err.output,
    inheritedStdio: { stdin: 'ignore', stdout: out.stream(), stderr: err.stream() },
    signals,
    clock: () => options.now ?? new Date(),
  }
  const status = await main(argv, io)
  const [stdout, stderr] = [out.written(), err.written()]
  if (asksForJson(argv)) holdToSchema(argv, documentIn({ stdout, stderr }))
  return { status, stdout, stderr }
}

/** The document of a run: on standard output, or the last line of standard error where a command puts its errors. */
const documentIn = ({ stdout, stderr }: Pick<Run, 'stdout' | 'stderr'>): unknown =>
  JSON.parse(stdout === '' ? (stderr.trimEnd().split('\n').at(-1) ?? '') : stdout)

/** The same with `--json`. Returns the document, which must be alone on standard output. */
export const jsonIn = async (
  cwd: string,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<{ readonly status: number; readonly json: unknown; readonly stderr: string }> => {
  const { status, stdout, stderr } = await runIn(cwd, ['--json', ...argv], options)
  return { status, json: documentIn({ stdout, stderr }), stderr }
}

/** Opens an Op. Returns its id. */
export const openIn = async (
  cwd: string,
  argv: readonly string[] = ['do', 'Fix the test'],
  options: RunOptions = {},
): Promise<string> => {
  const { stdout } = await runIn(cwd, ['--json', ...argv], options)
  const [, id] = /"invocation_id": ?"(\w{26})"/.exec(stdout) ?? []
  if (id === undefined) throw new Error(`Nothing was opened: ${stdout}`)
  return id
}
