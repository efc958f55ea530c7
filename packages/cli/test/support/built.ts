import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { plainVariables, type Run } from './in-process.js'

const BIN = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const BUILT = fileURLToPath(new URL('../../bundle/main.cjs', import.meta.url))

export type BuiltOptions = {
  readonly variables?: Readonly<Record<string, string>>
  readonly input?: string
}

/** The arguments that make Node run the built program. */
export const builtProgram = (): readonly [file: string, argument: string] => {
  if (!existsSync(BUILT)) throw new Error('Build first: npm run build')
  return [process.execPath, BIN]
}

/** Runs the built program in a process. */
export const runBuilt = async (
  cwd: string,
  argv: readonly string[],
  { variables = {}, input = '' }: BuiltOptions = {},
): Promise<Run> => {
  const [file, program] = builtProgram()
  const { exitCode, stdout, stderr } = await execa(file, [program, ...argv], {
    cwd,
    env: { ...plainVariables(), ...variables },
    extendEnv: false,
    input,
    reject: false,
    stripFinalNewline: false,
  })
  return { status: exitCode ?? -1, stdout, stderr }
}
