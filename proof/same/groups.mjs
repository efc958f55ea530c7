// The groups of steps that both builds run through, each in its own folder.
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
  prepare: (sandbox, ops) => prepareState(name, sandbox, ops),
  steps: STEPS,
}))

const nowhere = (sandbox) => ({ root: sandbox, trees: [], records: join(sandbox, 'kitty-ops') })

/** Returns the words of every command, from a build's own reference. */
const commandsOf = (build) => {
  const reference = readFileSync(join(build, 'docs', 'cli.md'), 'utf8')
  return [...reference.matchAll(/^## `spec-kitty ([a-z -]+)`$/gm)].map(([, words]) => words)
}

const anywhere = (build, ops) => ({
  name: 'anywhere',
  prepare: nowhere,
  steps: stepsAnywhere(commandsOf(build), ops),
})

const withCorpus = (sandbox) => {
  const root = join(sandbox, 'project')
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
    : { name: 'corpus', missing: `${CORPUS} does not exist` }

const withWork = (sandbox, ops) => {
  const root = join(sandbox, 'project')
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
    : { name: 'system calls', missing: 'it needs Linux and strace' }

/** Returns a step that runs a program of a build. `program` returns its file and arguments. */
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

/** Returns all groups. A group that cannot run says what is `missing`. */
export const groupsFor = (build, ops) => [
  anywhere(build, ops),
  ...inStates,
  corpus(),
  examples(build),
  conformance,
  syscalls(),
]
