import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { isolateGit } from './isolate-git.js'

/** How a program ended, and what it printed. */
export type Ended = {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A program in a process of its own. */
export type ChildProgram = {
  readonly pid: number
  /** Settles once it has printed something, or has ended. */
  readonly ready: Promise<void>
  /** Ends its standard input, which it may be waiting for. */
  readonly go: () => void
  readonly kill: () => void
  readonly ended: Promise<Ended>
}

export type ChildOptions = {
  /** What it starts under: a command and its arguments, such as a shell that sets limits first. */
  readonly under?: readonly string[]
}

const require = createRequire(import.meta.url)
const VITE = createRequire(require.resolve('vitest/package.json')).resolve('vite')

// From source, as the tests themselves run: nothing has to be built before.
const LOADER = `
  const [vite, program, ...args] = process.argv.slice(1)
  const { runnerImport } = await import(vite)
  const { module } = await runnerImport(program, {
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: [/^@kitty/], resolve: { conditions: ['@kitty/source', 'node'] } },
  })
  await module.main(...args)
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
 * Starts a TypeScript module in a process of its own, from source, and calls its `main` with the
 * arguments. The process ends when `main` has settled.
 */
export const startProgram = (
  program: URL,
  args: readonly string[],
  { under = [] }: ChildOptions = {},
): ChildProgram => {
  isolateGit()
  const node = [process.execPath, '--input-type=module', '--eval', LOADER, VITE]
  const [command = '', ...rest] = [...under, ...node, fileURLToPath(program), ...args]
  const child = spawn(command, rest)
  // It may be gone before it was told to go on.
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
