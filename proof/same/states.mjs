// The states of a repository in which every command runs. Each function makes one in an empty folder, and returns the
// folder to run in (`root`). If they do not follow from it, it also returns git's work trees (`trees`) and the folder of
// the records (`records`).
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { git, leaveWork, newRepository, tryGit } from '../lib/repository.mjs'
import { commitEarlier, writeEarlier } from './earlier.mjs'

const repositoryIn = (sandbox, ops) => {
  const root = join(sandbox, 'project')
  newRepository(root)
  commitEarlier(root, ops)
  return root
}

/** Changes the same line on two branches. */
const conflicting = (root) => {
  const change = (text) => {
    writeFileSync(join(root, 'plain.txt'), text)
    git(root, 'commit', '--quiet', '--all', '-m', `Write ${text.trim()}`)
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
  plain: (sandbox, ops) => {
    const root = repositoryIn(sandbox, ops)
    leaveWork(root)
    return { root }
  },
  unborn: (sandbox, ops) => {
    const root = join(sandbox, 'project')
    newRepository(root)
    git(root, 'update-ref', '-d', 'HEAD')
    writeEarlier(root, ops)
    return { root }
  },
  detached: (sandbox, ops) => {
    const root = repositoryIn(sandbox, ops)
    git(root, 'checkout', '--quiet', '--detach')
    return { root }
  },
  merging: (sandbox, ops) => {
    const root = repositoryIn(sandbox, ops)
    conflicting(root)
    tryGit(root, 'merge', 'side')
    return { root }
  },
  rebasing: (sandbox, ops) => {
    const root = repositoryIn(sandbox, ops)
    conflicting(root)
    tryGit(root, 'rebase', 'side')
    return { root }
  },
  linked: (sandbox, ops) => {
    const main = repositoryIn(sandbox, ops)
    const root = join(sandbox, 'linked')
    git(main, 'worktree', 'add', '--quiet', '-b', 'topic', root)
    leaveWork(root)
    return { root, trees: [main, root] }
  },
  submodule: (sandbox, ops) => {
    const [outer, origin] = [join(sandbox, 'outer'), join(sandbox, 'origin')]
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
  'below the top': (sandbox, ops) => {
    const top = join(sandbox, 'project')
    newRepository(top)
    const root = join(top, 'apps', 'one')
    mkdirSync(join(root, 'src'), { recursive: true })
    commitEarlier(root, ops)
    leaveWork(top)
    return { root: join(root, 'src'), trees: [top], records: join(root, 'kitty-ops') }
  },
  sparse: (sandbox, ops) => {
    const root = repositoryIn(sandbox, ops)
    mkdirSync(join(root, 'src'))
    writeFileSync(join(root, 'src', 'main.txt'), 'main\n')
    git(root, 'add', 'src')
    git(root, 'commit', '--quiet', '-m', 'Add a source')
    git(root, 'sparse-checkout', 'set', '--cone', 'src')
    return { root }
  },
  'outside git': (sandbox, ops) => {
    const root = join(sandbox, 'project')
    mkdirSync(root)
    writeEarlier(root, ops)
    return { root, trees: [] }
  },
  protected: (sandbox, ops) => {
    const root = repositoryIn(sandbox, ops)
    git(root, 'branch', '--move', 'main')
    configure(root, 'ops:\n  commit: safe\n  durability: process\n')
    return { root }
  },
  ignored: (sandbox, ops) => {
    const root = repositoryIn(sandbox, ops)
    writeFileSync(join(root, '.gitignore'), 'kitty-ops/\n')
    return { root }
  },
  damaged: (sandbox, ops) => {
    const root = repositoryIn(sandbox, ops)
    const file = (op) => join(root, op.path)
    appendFileSync(file(ops.old), '{"event":"note","invocation_id"')
    writeFileSync(file(ops.aged), `<<<<<<< HEAD\n${ops.aged.text.replaceAll('\n', '\r\n')}`)
    writeFileSync(file(ops.twin), ops.twin.text + ops.old.text)
    writeFileSync(join(root, 'kitty-ops', `${ops.open.id}.v2.jsonl`), 'stray\0\n')
    writeFileSync(join(root, 'kitty-ops', 'lifecycle.jsonl'), 'not JSON\n{}\n')
    git(root, 'add', '--force', '--', ops.open.path)
    return { root }
  },
  locked: (sandbox, ops) => {
    const root = repositoryIn(sandbox, ops)
    writeFileSync(join(root, '.git', 'index.lock'), '')
    return { root }
  },
}

/** The names of the states. */
export const STATE_NAMES = Object.keys(STATES)

/** Makes a state in an empty folder. Returns its `root`, `trees` and `records`. */
export const prepareState = (name, sandbox, ops) => {
  const state = STATES[name](sandbox, ops)
  return { trees: [state.root], records: join(state.root, 'kitty-ops'), ...state }
}
