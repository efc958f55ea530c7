// One repository in which two builds work in turns: each opens, closes and repairs what the other began, and some of their
// commands are killed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseOpRecord } from '@kitty/record'
import { locksLeft } from './examine.mjs'
import { numbersFrom } from './numbers.mjs'
import { git, tryGit } from './repository.mjs'

const OPEN = ['do', 'Does it hold?', '--json']
const FIX = ['doctor', 'ops', '--fix', '--json']
const closing = (id) => ['ops', 'complete', id, '--outcome', 'done', '--json']

const killGroup = (pid) => {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

/** Runs a build's command in the repository; kills it and its git processes after `killAfter` milliseconds, if given. */
const runIn = async (root, build, command, killAfter) => {
  const program = join(build, 'packages', 'cli', 'bin', 'run.js')
  const child = spawn(process.execPath, [program, ...command], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let text = ''
  child.stdout.on('data', (part) => {
    text += part
  })
  const ended = once(child, 'close')
  if (killAfter !== undefined) {
    await Promise.race([sleep(killAfter), ended])
    killGroup(child.pid)
  }
  const [status] = await ended
  return { status, text }
}

const textOf = (status, text) => `exit ${status}: ${text.slice(0, 300)}`

/** A git that was killed can leave a lock of a branch, which a person removes. Never `index.lock` or a lock of ours. */
const removeRefLocks = (root) => {
  const isOfRef = (path) => path.includes(`${join('.git', 'refs')}`) || path.endsWith('HEAD.lock')
  for (const lock of locksLeft(root).filter(isOfRef)) rmSync(lock)
}

const isRebasing = (root) =>
  existsSync(resolve(root, git(root, 'rev-parse', '--git-path', 'rebase-merge').trim()))

/**
 * Returns two builds that work in turns in a repository. `act` does one thing, which depends on the seed. `settle` ends
 * what is in progress, and lets this build repair everything. `opened` and `closed` list the Ops that a command reported.
 */
export const turnsIn = (root, { builds, seed }) => {
  const next = numbersFrom(seed)
  const opened = new Set()
  const closed = new Set()
  const did = new Map()
  const trouble = []
  const anyOf = (list) => list[next(list.length)]
  const openNow = () => [...opened].filter((id) => !closed.has(id))

  const start = async (build, killAfter) => {
    const { status, text } = await runIn(root, build, OPEN, killAfter)
    const id = /"invocation_id":"(\w{26})"/.exec(text)?.[1]
    if (id !== undefined) opened.add(id)
    else if (killAfter === undefined) trouble.push(`an Op was not opened, ${textOf(status, text)}`)
  }

  const complete = async (build, killAfter) => {
    const id = anyOf(openNow())
    if (id === undefined) return start(build, killAfter)
    const { status, text } = await runIn(root, build, closing(id), killAfter)
    // A close that was killed is finished by the next one, which then finds the Op closed.
    if (text.includes('"result":"success"') || text.includes('ALREADY_CLOSED')) closed.add(id)
    else if (killAfter === undefined) trouble.push(`${id} was not closed, ${textOf(status, text)}`)
  }

  const fix = async (build, killAfter) => {
    const { status, text } = await runIn(root, build, FIX, killAfter)
    if (killAfter === undefined && ![0, 1].includes(status)) trouble.push(textOf(status, text))
  }

  const rebase = () => {
    if (isRebasing(root)) tryGit(root, 'rebase', '--continue')
    // A command that fails interrupts the rebase.
    else tryGit(root, 'rebase', '--autostash', '--exec', 'false', 'HEAD~1')
  }

  const ACTIONS = { start, complete, fix, rebase }
  const usual = [...Array(6).fill('start'), ...Array(8).fill('complete'), 'fix', 'fix', 'rebase']

  return {
    opened,
    closed,
    did,
    trouble,
    act: async () => {
      const [name, number] = [anyOf(usual), next(builds.length)]
      const killAfter = next(4) === 0 ? 60 + next(300) : undefined
      await ACTIONS[name](builds[number], killAfter)
      const who = name === 'rebase' ? 'a person' : `build ${number + 1}`
      const what = `${who}: ${name}${killAfter === undefined || name === 'rebase' ? '' : ', killed'}`
      did.set(what, (did.get(what) ?? 0) + 1)
      if (next(2) === 0) removeRefLocks(root)
    },
    settle: async () => {
      if (isRebasing(root)) tryGit(root, 'rebase', '--continue')
      if (isRebasing(root)) trouble.push(git(root, 'status'))
      removeRefLocks(root)
      for (const _ of [1, 2]) await fix(builds[0])
    },
    /** Closes all open Ops with this build. */
    closeAll: async () => {
      for (const id of recordsIn(root).filter((id) => statusOf(root, id) === 'open')) {
        opened.add(id)
        const { status, text } = await runIn(root, builds[0], closing(id))
        if (!text.includes('"committed"')) trouble.push(`${id}: ${textOf(status, text)}`)
      }
      await fix(builds[0])
    },
  }
}

const NAME = /^(\w{26})\.jsonl$/

const recordsIn = (root) =>
  readdirSync(join(root, 'kitty-ops')).flatMap((name) => NAME.exec(name)?.[1] ?? [])

const pathOf = (id) => `kitty-ops/${id}.jsonl`

const statusOf = (root, id) => {
  const { status, text } = tryGit(root, 'cat-file', '-p', `:./${pathOf(id)}`)
  return status === 0 ? parseOpRecord(text, { opId: id }).status : 'open'
}

/** Returns what is wrong: an Op that is lost, committed twice, or committed while open, or a damaged repository. */
export const troubleInTurns = (root, { opened, closed }) => {
  const log = git(root, 'log', '--format=%(trailers:key=Op-Id,valueonly,separator=%x2C)')
  const commits = log.split('\n').filter((line) => line !== '')
  const head = git(root, 'ls-tree', '-r', '--name-only', 'HEAD').split('\n')
  const onDisk = new Set(recordsIn(root))
  const known = new Set([...opened, ...onDisk])
  const troubleOf = (id) => {
    const times = commits.filter((each) => each === id).length
    const isInHead = head.includes(pathOf(id))
    const text = isInHead ? git(root, 'show', `HEAD:./${pathOf(id)}`) : ''
    const isClosed = isInHead && parseOpRecord(text, { opId: id }).status === 'closed'
    return [
      ...(onDisk.has(id) ? [] : [`${id} is lost on disk`]),
      ...(times > 1 ? [`${id} is committed ${times} times`] : []),
      ...(isInHead && !isClosed ? [`${id} is committed, but open`] : []),
      ...(closed.has(id) && times === 0 ? [`${id} was closed, and is not committed`] : []),
    ]
  }
  const fsck = tryGit(root, 'fsck', '--strict', '--no-dangling', '--no-progress')
  return [
    ...[...known].flatMap(troubleOf),
    ...(fsck.status === 0 ? [] : [`git fsck: ${fsck.text}`]),
  ]
}
