// The states of a repository in which every command has its turn. Each makes one in an empty folder, and says where
// to stand in it (`root`) and, if it is not just that, which work trees git has there (`trees`) and where its records
// are (`records`).
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { git, leaveWork, newRepository, tryGit } from '../lib/repository.mjs'
import { commitEarlier, writeEarlier } from './earlier.mjs'

const repositoryIn = (world, ops) => {
  const root = join(world, 'project')
  newRepository(root)
  commitEarlier(root, ops)
  return root
}

/** Two branches that changed the same line. */
const conflicting = (root) => {
  const change = (text) => {
    writeFileSync(join(root, 'plain.txt'), text)
    git(root, 'commit', '--quiet', '--all', '-m', `Say ${text.trim()}`)
  }
  git(root, 'switch', '--quiet', '--create', 'side', 'HEAD~3')
  change('theirs\n')
  git(root, 'switch', '--quiet', 'work')
  change('ours\n')
}

const configure = (root, text) => {
  mkdirSync(join(root, '.kittify'))
  writeFileSync(join(root, '.kittify', 'config.yaml'), text)
}

const STATES = {
  plain: (world, ops) => {
    const root = repositoryIn(world, ops)
    leaveWork(root)
    return { root }
  },
  unborn: (world, ops) => {
    const root = join(world, 'project')
    newRepository(root)
    git(root, 'update-ref', '-d', 'HEAD')
    writeEarlier(root, ops)
    return { root }
  },
  detached: (world, ops) => {
    const root = repositoryIn(world, ops)
    git(root, 'checkout', '--quiet', '--detach')
    return { root }
  },
  merging: (world, ops) => {
    const root = repositoryIn(world, ops)
    conflicting(root)
    tryGit(root, 'merge', 'side')
    return { root }
  },
  rebasing: (world, ops) => {
    const root = repositoryIn(world, ops)
    conflicting(root)
    tryGit(root, 'rebase', 'side')
    return { root }
  },
  linked: (world, ops) => {
    const main = repositoryIn(world, ops)
    const root = join(world, 'linked')
    git(main, 'worktree', 'add', '--quiet', '-b', 'topic', root)
    leaveWork(root)
    return { root, trees: [main, root] }
  },
  submodule: (world, ops) => {
    const [outer, origin] = [join(world, 'outer'), join(world, 'origin')]
    for (const each of [outer, origin]) newRepository(each)
    const url = ['-c', 'protocol.file.allow=always']
    git(outer, ...url, 'submodule', '--quiet', 'add', '--', origin, 'inner')
    git(outer, 'commit', '--quiet', '-m', 'Add a submodule')
    const root = join(outer, 'inner')
    for (const name of ['name', 'email']) git(root, 'config', `user.${name}`, 'p@example.org')
    for (const name of ['gc', 'maintenance']) git(root, 'config', `${name}.auto`, '0')
    commitEarlier(root, ops)
    return { root, trees: [outer, root] }
  },
  'below the top': (world, ops) => {
    const top = join(world, 'project')
    newRepository(top)
    const root = join(top, 'apps', 'one')
    mkdirSync(join(root, 'src'), { recursive: true })
    commitEarlier(root, ops)
    leaveWork(top)
    return { root: join(root, 'src'), trees: [top], records: join(root, 'kitty-ops') }
  },
  sparse: (world, ops) => {
    const root = repositoryIn(world, ops)
    mkdirSync(join(root, 'src'))
    writeFileSync(join(root, 'src', 'main.txt'), 'main\n')
    git(root, 'add', 'src')
    git(root, 'commit', '--quiet', '-m', 'Add a source')
    git(root, 'sparse-checkout', 'set', '--cone', 'src')
    return { root }
  },
  'outside git': (world, ops) => {
    const root = join(world, 'project')
    mkdirSync(root)
    writeEarlier(root, ops)
    return { root, trees: [] }
  },
  protected: (world, ops) => {
    const root = repositoryIn(world, ops)
    git(root, 'branch', '--move', 'main')
    configure(root, 'ops:\n  commit: safe\n  durability: process\n')
    return { root }
  },
  ignored: (world, ops) => {
    const root = repositoryIn(world, ops)
    writeFileSync(join(root, '.gitignore'), 'kitty-ops/\n')
    return { root }
  },
  damaged: (world, ops) => {
    const root = repositoryIn(world, ops)
    const file = (op) => join(root, op.path)
    appendFileSync(file(ops.old), '{"event":"note","invocation_id"')
    writeFileSync(file(ops.aged), `<<<<<<< HEAD\n${ops.aged.text.replaceAll('\n', '\r\n')}`)
    writeFileSync(file(ops.twin), ops.twin.text + ops.old.text)
    writeFileSync(join(root, 'kitty-ops', `${ops.open.id}.v2.jsonl`), 'stray\0\n')
    writeFileSync(join(root, 'kitty-ops', 'lifecycle.jsonl'), 'not JSON\n{}\n')
    git(root, 'add', '--force', '--', ops.open.path)
    return { root }
  },
  locked: (world, ops) => {
    const root = repositoryIn(world, ops)
    writeFileSync(join(root, '.git', 'index.lock'), '')
    return { root }
  },
}

/** The names of the states. */
export const STATE_NAMES = Object.keys(STATES)

/** Makes a state in an empty folder. */
export const prepareState = (name, world, ops) => {
  const state = STATES[name](world, ops)
  return { trees: [state.root], records: join(state.root, 'kitty-ops'), ...state }
}
