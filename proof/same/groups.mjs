// The one list that both builds are driven through: groups of steps, each in a place of its own.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { git, leaveWork, newRepository } from '../lib/repository.mjs'
import { commitEarlier } from './earlier.mjs'
import { prepareState, STATE_NAMES } from './states.mjs'
import { STEPS, STEPS_OF_CORPUS, stepsAnywhere, TRACED } from './steps.mjs'
import { canTrace, makeObjectFolders } from './syscalls.mjs'

const WORKER = fileURLToPath(new URL('./conformance-worker.mjs', import.meta.url))
const CORPUS = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url))

const inStates = STATE_NAMES.map((name) => ({
  name,
  prepare: (world, ops) => prepareState(name, world, ops),
  steps: STEPS,
}))

const nowhere = (world) => ({ root: world, trees: [], records: join(world, 'kitty-ops') })

/** The words of every command, as a build's own reference has them. */
const commandsOf = (build) => {
  const reference = readFileSync(join(build, 'docs', 'cli.md'), 'utf8')
  return [...reference.matchAll(/^## `spec-kitty ([a-z -]+)`$/gm)].map(([, words]) => words)
}

const anywhere = (build, ops) => ({
  name: 'anywhere',
  prepare: nowhere,
  steps: stepsAnywhere(commandsOf(build), ops),
})

const withCorpus = (world) => {
  const root = join(world, 'project')
  newRepository(root)
  cpSync(join(CORPUS, 'records'), join(root, 'kitty-ops'), { recursive: true })
  cpSync(join(CORPUS, 'lifecycle.jsonl'), join(root, 'kitty-ops', 'lifecycle.jsonl'))
  git(root, 'add', '.')
  git(root, 'commit', '--quiet', '-m', 'Add records')
  return { root, trees: [root], records: join(root, 'kitty-ops') }
}

const corpus = () =>
  existsSync(CORPUS)
    ? { name: 'corpus', prepare: withCorpus, steps: STEPS_OF_CORPUS }
    : { name: 'corpus', missing: `there is none in ${CORPUS}` }

const withWork = (world, ops) => {
  const root = join(world, 'project')
  mkdirSync(root)
  newRepository(root)
  commitEarlier(root, ops)
  leaveWork(root)
  makeObjectFolders(join(root, '.git'))
  return { root, trees: [root], records: join(root, 'kitty-ops') }
}

const syscalls = () =>
  canTrace()
    ? { name: 'system calls', prepare: withWork, steps: TRACED }
    : { name: 'system calls', missing: 'they need Linux and strace' }

/** A step that runs a program of a build itself; `program` gives its file and its words. */
const runOwn = (name, program) => ({ name, program })

const examples = (build) => ({
  name: 'examples',
  prepare: nowhere,
  steps: readdirSync(join(build, 'examples')).map((name) =>
    runOwn(name, (from) => {
      const folder = join(from, 'examples', name)
      const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      const [, file, ...rest] = scripts.start.split(' ')
      return [join(folder, file), ...rest]
    }),
  ),
})

const conformance = {
  name: 'conformance',
  prepare: nowhere,
  steps: ['direct', 'guard', 'none', 'guard around none'].map((name) =>
    runOwn(name, (from) => [WORKER, from, name]),
  ),
}

/** All groups; one that cannot be had says what is `missing`. */
export const groupsFor = (build, ops) => [
  anywhere(build, ops),
  ...inStates,
  corpus(),
  examples(build),
  conformance,
  syscalls(),
]
