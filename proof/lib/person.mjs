// Simulates a person who works in the repository while Ops are opened and closed: stages, commits, amends, stashes,
// switches, merges, rebases and cleans up.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { numbersFrom } from './numbers.mjs'
import { tryGit } from './repository.mjs'

/**
 * Returns a simulated person. `act` does one thing, which depends on the seed; `settle` ends what is in progress. `kept`
 * lists what was committed with which content, `did` counts the actions, `stuck` says what could not be ended.
 */
export const personIn = (root, seed) => {
  const next = numbersFrom(seed)
  const kept = []
  const did = new Map()
  const stuck = []
  const git = (...args) => tryGit(root, ...args)
  const inProgress = () =>
    ['MERGE_HEAD', 'rebase-merge', 'rebase-apply', 'CHERRY_PICK_HEAD'].some((name) =>
      existsSync(join(root, '.git', name)),
    )

  // A stash that conflicts leaves unmerged files, and nothing to abort. Git refuses commits and switches until they are
  // resolved; this person keeps what is on disk.
  const resolve = () => {
    const files = git('ls-files', '--unmerged', '-z')
      .text.split('\0')
      .flatMap((entry) => entry.split('\t')[1] ?? [])
    if (files.length > 0 && !inProgress()) git('add', '--', ...new Set(files))
  }

  const stageHalf = () => {
    const name = `mine-${next(5)}.txt`
    appendFileSync(join(root, name), `line ${next(1e6)}\n`)
    if (git('add', '--', name).status !== 0) return undefined
    const staged = readFileSync(join(root, name), 'utf8')
    appendFileSync(join(root, name), `not yet ${next(1e6)}\n`)
    return { name, staged }
  }

  const commit = () => {
    const half = stageHalf()
    // Another process has locked the index; the person tries again later.
    if (half === undefined) return
    const { name, staged } = half
    const { status, text } = git('commit', '-m', `Work on ${name}`)
    if (status !== 0) resolve()
    const sha = status === 0 ? /^\[\S+(?: \(\S+\))? ([0-9a-f]+)\]/m.exec(text)?.[1] : undefined
    if (sha !== undefined) kept.push({ sha: git('rev-parse', sha).text.trim(), name, staged })
  }

  const amend = () => {
    // Amend only the person's own commits.
    if (!git('log', '-1', '--format=%s').text.startsWith('Work on ')) return
    stageHalf()
    git('commit', '--amend', '--no-edit')
  }

  const ACTIONS = {
    commit,
    amend,
    stash: () => {
      git('stash', 'push', '--include-untracked', '--', ':(glob)*.txt')
      git('stash', 'pop')
    },
    switch: () => git('switch', next(2) === 0 ? 'work' : 'side'),
    merge: () => {
      const other = git('branch', '--show-current').text.trim() === 'work' ? 'side' : 'work'
      if (git('merge', '--no-edit', '-X', 'ours', other).status !== 0) git('merge', '--abort')
    },
    rebase: () => {
      if (git('branch', '--show-current').text.trim() !== 'side') return
      if (git('rebase', '--autostash', 'work').status !== 0) git('rebase', '--abort')
    },
    clean: () => git('clean', '-fdq', '--', 'kitty-ops'),
    gc: () => git('gc', '--quiet'),
    note: () => writeFileSync(join(root, `scratch-${next(3)}.txt`), String(next(1e6))),
  }
  const names = Object.keys(ACTIONS)
  // People mostly commit.
  const usual = [...names, 'commit', 'commit', 'commit', 'note', 'stash']

  return {
    kept,
    did,
    stuck,
    act: () => {
      const name = usual[next(usual.length)]
      ACTIONS[name]()
      did.set(name, (did.get(name) ?? 0) + 1)
    },
    settle: () => {
      for (const what of ['rebase', 'merge', 'cherry-pick']) if (inProgress()) git(what, '--abort')
      // A rebase that failed to begin leaves a folder, and cannot be aborted.
      if (inProgress()) git('rebase', '--quit')
      resolve()
      if (inProgress()) stuck.push(git('status').text)
    },
  }
}
