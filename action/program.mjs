// Runs spec-kitty in the project.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const OWN = fileURLToPath(new URL('../packages/cli/bin/run.js', import.meta.url))

/** Runs spec-kitty, without a shell and without the token. Returns its exit status and its two outputs. */
export const kitty = async (env, cwd, args) => {
  const given = env.KITTY_PROGRAM
  const isScript = !given || /\.[cm]?js$/.test(given)
  const [file, first] = isScript ? [process.execPath, [given || OWN]] : [given, []]
  const { GITHUB_TOKEN: _, ...rest } = env
  const child = spawn(file, [...first, ...args], {
    cwd,
    env: rest,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr] = [[], []]
  child.stdout.on('data', (part) => stdout.push(part))
  child.stderr.on('data', (part) => stderr.push(part))
  const [status] = await once(child, 'close')
  return {
    status,
    stdout: Buffer.concat(stdout).toString(),
    stderr: Buffer.concat(stderr).toString(),
  }
}

/** Runs spec-kitty with `--json`. Returns the document, which has `error` if the command failed. */
export const kittyJson = async (env, cwd, args) => {
  const failed = (message) => ({ json: { error: { message, hint: '' } } })
  try {
    const { status, stdout, stderr } = await kitty(env, cwd, [...args, '--json'])
    if (!stdout.startsWith('{')) return failed(stderr.trim() || `It exited with status ${status}.`)
    return { json: JSON.parse(stdout) }
  } catch (error) {
    return failed(`${args.join(' ')}: ${error.message}`)
  }
}
