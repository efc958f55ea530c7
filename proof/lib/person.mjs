// Somebody who works in the repository as people do, while Ops come and go: stages, commits, amends, stashes,
// switches, merges, rebases, cleans up.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tryGit } from './repository.mjs'

const numbersFrom = (seed) => {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** What was committed with which content, to be looked up in the end. */
export const personIn = (root, seed) => {
  const next = numbersFrom(seed)
  const kept = []
  const did = new Map()
  const stuck = []
  const git = (...args) => tryGit(root, ...args)
  const middle = () =>
    ['MERGE_HEAD', 'rebase-merge', 'rebase-apply', 'CHERRY_PICK_HEAD'].some((name) =>
      existsSync(join(root, '.git', name)),
    )

  // A stash that conflicts leaves unmerged files and nothing to abort. Git then refuses commits and switches,
  // until the person decides; this one keeps what is on disk.
  const resolve = () => {
    const files = git('ls-files', '--unmerged', '-z')
      .text.split('\0')
      .flatMap((entry) => entry.split('\t')[1] ?? [])
    if (files.length > 0 && !middle()) git('add', '--', ...new Set(files))
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
    // Somebody else had the index; people try again later.
    if (half === undefined) return
    const { name, staged } = half
    const { status, text } = git('commit', '-m', `Work on ${name}`)
    if (status !== 0) resolve()
    const sha = status === 0 ? /^\[\S+(?: \(\S+\))? ([0-9a-f]+)\]/m.exec(text)?.[1] : undefined
    if (sha !== undefined) kept.push({ sha: git('rev-parse', sha).text.trim(), name, staged })
  }

  const amend = () => {
    // Only a commit of one's own: people look at what they amend.
    if (!git('log', '-1', '--format=%s').text.startsWith('Work on ')) return
    stageHalf()
    git('commit', '--amend', '--no-edit')
  }

  const DEEDS = {
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
  const names = Object.keys(DEEDS)
  // Committing is what people do most.
  const usual = [...names, 'commit', 'commit', 'commit', 'note', 'stash']

  return {
    kept,
    did,
    stuck,
    act: () => {
      const name = usual[next(usual.length)]
      DEEDS[name]()
      did.set(name, (did.get(name) ?? 0) + 1)
    },
    settle: () => {
      for (const what of ['rebase', 'merge', 'cherry-pick']) if (middle()) git(what, '--abort')
      // A rebase that could not even begin leaves a folder that cannot be aborted.
      if (middle()) git('rebase', '--quit')
      resolve()
      if (middle()) stuck.push(git('status').text)
    },
  }
}
