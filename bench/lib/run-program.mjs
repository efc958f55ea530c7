import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Runs a program. Returns its standard output. Throws if its exit status is not one of `statuses`; the error then has its
 * standard error, which is not shown otherwise.
 */
export const runProgram = async (cwd, file, args, { input, statuses = [0] } = {}) => {
  const stdin = input === undefined ? 'ignore' : 'pipe'
  const child = spawn(file, args, { cwd, stdio: [stdin, 'pipe', 'pipe'] })
  child.stdin?.end(input)
  const parts = { stdout: [], stderr: [] }
  for (const name of ['stdout', 'stderr']) child[name].on('data', (part) => parts[name].push(part))
  const [code] = await once(child, 'close')
  const text = (name) => Buffer.concat(parts[name]).toString()
  if (!statuses.includes(code))
    throw new Error(`${file} ${args.join(' ')}: exit ${code}\n${text('stderr')}`)
  return text('stdout')
}
