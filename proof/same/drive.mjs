// Drives one build through the steps of a group, in a world of its own, and gives what each left.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { looker, runProgram } from './capture.mjs'
import { normalizer } from './normalize.mjs'
import { runTraced } from './syscalls.mjs'

/** Nothing of the machine and of the session this runs in. */
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
  GIT_CONFIG_NOSYSTEM: process.env.GIT_CONFIG_NOSYSTEM,
  GIT_CONFIG_GLOBAL: process.env.GIT_CONFIG_GLOBAL,
})

/** No Op has it; it stands for one that was not opened. */
const NOBODYS = '01K6ZP4W3M8Q2V5X7Y9A1B3C5E'
const CALLS = 'system calls'
const ID = /\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/

const WORD = /"[^"]*"|(?:\{[^}]*\}|[^\s"])+/g

/** Splits at spaces outside of quotes and braces, and puts in what stands for a name in braces. */
const splitWords = (text, named) =>
  text.match(WORD).map((word) => word.replaceAll('"', '').replace(/\{([^}]*)\}/g, named))

/** Calls come in another order each time. */
const sorted = (name, text) => (name === CALLS ? text.split('\n').sort().join('\n') : text)

/**
 * A build in a group: `folder` is where everything of it goes, `ops` are the Ops from earlier, `since` is when the
 * run began. Its `play` plays a step and gives the parts of what it left.
 */
export const driver = (build, group, { folder, ops, since }) => {
  const place = (name) => {
    mkdirSync(join(folder, name), { recursive: true })
    return join(folder, name)
  }
  const [world, home, temporary] = ['world', 'home', 'temporary'].map(place)
  const scene = { earlier: ops, ...group.prepare(world, ops) }
  const normal = normalizer(
    [
      [folder, '<folder>'],
      [build, '<build>'],
    ],
    since,
  )
  const look = looker(world, scene.trees, normal)
  const env = environmentIn({ home, temporary })
  const ids = new Map()
  const named = (_, name) => {
    if (name === 'node') return process.execPath
    if (name === 'records') return scene.records
    const [, earlier] = /^earlier (\w+)$/.exec(name) ?? []
    return earlier === undefined ? (ids.get(name) ?? NOBODYS) : ops[earlier].id
  }

  const wordsOf = ({ words, program }) =>
    program === undefined
      ? [join(build, 'packages', 'cli', 'bin', 'run.js'), ...splitWords(words, named)]
      : program(build)

  const run = async (step) => {
    const options = { cwd: scene.root, env: { ...env, ...step.env }, input: step.input }
    const words = wordsOf(step)
    const { calls, ...ran } = step.traced
      ? await runTraced(process.execPath, words, options, world)
      : await runProgram(process.execPath, words, options)
    const [id] = ID.exec(ran.stdout) ?? []
    if (id !== undefined) ids.set(step.name, id)
    return { ...ran, ...(calls && { [CALLS]: calls.join('\n') }) }
  }

  const play = async (step) => {
    await step.by?.(scene)
    const ran = step.by === undefined ? await run(step) : {}
    const after = await look()
    return [
      ...Object.entries(ran).map(([name, text]) => [name, sorted(name, normal.text(text))]),
      ...after,
    ]
  }
  return { play }
}
