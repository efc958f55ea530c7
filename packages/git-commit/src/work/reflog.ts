import { runGit } from '../git/run-git.js'

/** What the reflog of HEAD says of the commits that HEAD has been at since a commit. */
export type SinceInReflog = {
  /** Commits that were made here, such as by a commit, a merge or a pick. */
  readonly made: ReadonlySet<string>
  /** The same before that, too, as far as the reflog was read: HEAD can have returned to that commit in between. */
  readonly everMade: ReadonlySet<string>
  /** Commits that HEAD was moved to and that were made elsewhere: by a pull, or as the base of a rebase. */
  readonly brought: readonly string[]
}

/** How far it is searched. */
const MOST_ENTRIES = 2000

const ENTRIES = ['log', '-g', `--max-count=${MOST_ENTRIES}`, '--format=%H %gs', 'HEAD', '--']

const BROUGHT = /^(?:pull\b.*: fast-forward|(?:pull|rebase)\b.*\(start\): checkout)/i

const MADE = /^(?:commit|cherry-pick|revert|am|merge|pull|rebase)\b/

const NOT_MADE = /: fast-forward$|\((?:start|finish|abort)\)|^rebase(?: -i)? finished/i

/**
 * Reads the reflog of HEAD, back to where HEAD was at a commit. All is empty if there is no reflog, as with
 * `core.logAllRefUpdates=false`.
 */
export const readReflogSince = async (top: string, start: string): Promise<SinceInReflog> => {
  const config = ['log.showSignature=false', 'log.follow=false']
  const answer = await runGit(top, ENTRIES, { config })
  const lines = answer.ok ? answer.stdout.toString().split('\n').slice(0, -1) : []
  const [made, everMade] = [new Set<string>(), new Set<string>()]
  const brought: string[] = []
  let isSince = true
  for (const line of lines) {
    const id = line.slice(0, line.indexOf(' '))
    const what = line.slice(id.length + 1)
    isSince &&= id !== start
    if (BROUGHT.test(what)) {
      if (isSince) brought.push(id)
    } else if (MADE.test(what) && !NOT_MADE.test(what)) {
      everMade.add(id)
      if (isSince) made.add(id)
    }
  }
  return { made, everMade, brought }
}
