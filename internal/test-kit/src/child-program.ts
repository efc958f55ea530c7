import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import { bundledProgram } from './bundled.js'
import { isolateGit } from './isolate-git.js'

/** The exit of a program: its exit code or signal, and its output. */
export type Ended = {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A program in a child process. */
export type ChildProgram = {
  readonly pid: number
  /** Resolves when the program has printed something or has ended. */
  readonly ready: Promise<void>
  /** Ends the program's standard input. A program can wait for that before it continues. */
  readonly go: () => void
  readonly kill: () => void
  readonly ended: Promise<Ended>
}

export type ChildOptions = {
  /** A command that starts the program, with its arguments, such as a shell that sets limits. */
  readonly under?: readonly string[]
}

const RUN = `
  const [program, ...args] = process.argv.slice(1)
  const { main } = await import(program)
  await main(...args)
  process.exit()
`

const endOf = async (child: ChildProcessWithoutNullStreams): Promise<Ended> => {
  const [out, error]: [Buffer[], Buffer[]] = [[], []]
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => error.push(chunk))
  const ended = await new Promise<Pick<Ended, 'exitCode' | 'signal'>>((resolve) => {
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal }))
  })
  const [stdout, stderr] = [out, error].map((chunks) => Buffer.concat(chunks).toString())
  return { ...ended, stdout: stdout ?? '', stderr: stderr ?? '' }
}

/**
 * Starts a TypeScript module from source in a child process, and calls its `main` with the arguments. The process ends
 * when `main` has settled.
 */
export const startProgram = (
  program: URL,
  args: readonly string[],
  { under = [] }: ChildOptions = {},
): ChildProgram => {
  isolateGit()
  const node = [process.execPath, '--input-type=module', '--eval', RUN]
  const module = pathToFileURL(bundledProgram(program)).href
  const [command = '', ...rest] = [...under, ...node, module, ...args]
  const child = spawn(command, rest)
  // The program can end before its input does.
  child.stdin.on('error', () => undefined)
  const ended = endOf(child)
  const ready = Promise.race([once(child.stdout, 'data'), ended]).then(() => undefined)
  return {
    pid: child.pid ?? 0,
    ready,
    go: () => child.stdin.end(),
    kill: () => child.kill('SIGKILL'),
    ended,
  }
}
