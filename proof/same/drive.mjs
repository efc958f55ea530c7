// Runs one build through the steps of a group in a separate folder, and captures the result of each.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { observer, runProgram } from './capture.mjs'
import { normalizer } from './normalize.mjs'
import { runTraced } from './syscalls.mjs'

/** Returns an environment that does not depend on the machine or on the calling session. */
const environmentIn = ({ home, temporary }) => ({
  PATH: process.env.PATH,
  PATHEXT: process.env.PATHEXT,
  SystemRoot: process.env.SystemRoot,
  HOME: home,
  USERPROFILE: home,
  LOCALAPPDATA: home,
  TMPDIR: temporary,
  TEMP: temporary,
  TMP: temporary,
  TZ: 'UTC',
  LANG: 'C.UTF-8',
  // Compiled code is kept by one start for the next: it is no result of a step.
  NODE_DISABLE_COMPILE_CACHE: '1',
  GIT_CONFIG_NOSYSTEM: process.env.GIT_CONFIG_NOSYSTEM,
  GIT_CONFIG_GLOBAL: process.env.GIT_CONFIG_GLOBAL,
})

/** The id to use for an Op that was not opened; no Op has it. */
const UNKNOWN_ID = '01K6ZP4W3M8Q2V5X7Y9A1B3C5E'
const CALLS = 'system calls'
const ID = /\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/

const WORD = /"[^"]*"|(?:\{[^}]*\}|[^\s"])+/g

/** Splits a text at spaces outside of quotes and braces, and replaces names in braces. */
const splitWords = (text, named) =>
  text.match(WORD).map((word) => word.replaceAll('"', '').replace(/\{([^}]*)\}/g, named))

/** Sorts system calls, whose order differs in each run. */
const sorted = (name, text) => (name === CALLS ? text.split('\n').sort().join('\n') : text)

/**
 * Returns a driver of a build in a group. `folder` is its folder, `ops` are the earlier Ops, `since` is when the run
 * began. `play` runs a step and returns the parts of its result.
 */
export const driver = (build, group, { folder, ops, since }) => {
  const place = (name) => {
    mkdirSync(join(folder, name), { recursive: true })
    return join(folder, name)
  }
  const [sandbox, home, temporary] = ['sandbox', 'home', 'temporary'].map(place)
  const state = { earlier: ops, ...group.prepare(sandbox, ops) }
  const normal = normalizer(
    [
      [folder, '<folder>'],
      [build, '<build>'],
    ],
    since,
  )
  const look = observer(sandbox, state.trees, normal)
  const env = environmentIn({ home, temporary })
  const ids = new Map()
  const named = (_, name) => {
    if (name === 'node') return process.execPath
    if (name === 'records') return state.records
    const [, earlier] = /^earlier (\w+)$/.exec(name) ?? []
    return earlier === undefined ? (ids.get(name) ?? UNKNOWN_ID) : ops[earlier].id
  }

  const wordsOf = ({ words, program }) =>
    program === undefined
      ? [join(build, 'packages', 'cli', 'bin', 'run.js'), ...splitWords(words, named)]
      : program(build)

  const run = async (step) => {
    const options = { cwd: state.root, env: { ...env, ...step.env }, input: step.input }
    const words = wordsOf(step)
    const { calls, ...ran } = step.traced
      ? await runTraced(process.execPath, words, options, sandbox)
      : await runProgram(process.execPath, words, options)
    const [id] = ID.exec(ran.stdout) ?? []
    if (id !== undefined) ids.set(step.name, id)
    return { ...ran, ...(calls && { [CALLS]: calls.join('\n') }) }
  }

  const play = async (step) => {
    await step.by?.(state)
    const ran = step.by === undefined ? await run(step) : {}
    const after = await look()
    return [
      ...Object.entries(ran).map(([name, text]) => [name, sorted(name, normal.text(text))]),
      ...after,
    ]
  }
  return { play }
}
