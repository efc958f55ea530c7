import type { Archived } from '@kitty/writer'
import { printableLine } from '../../terminal/printable.js'
import type { Style } from '../../terminal/style.js'

const counted = (count: number): string => (count === 1 ? '1 Op' : `${count} Ops`)

const SHA = 10

const WHY_NOT = {
  'no-repository': 'Nothing was archived: this is not a git repository.',
  disabled: 'Nothing was archived: committing is turned off.',
} as const

const doneText = ({ ids, commit }: Archived, dryRun: boolean): string => {
  if (dryRun) return `Would archive ${counted(ids.length)}.\n`
  if (commit === undefined) return 'Nothing to archive.\n'
  if (commit.status === 'committed') {
    return `Archived ${counted(ids.length)}, committed as ${commit.sha.slice(0, SHA)}.\n`
  }
  if (commit.status === 'skipped') return `${WHY_NOT[commit.reason]}\n`
  const hint = commit.hint === undefined ? '' : `  ${printableLine(commit.hint)}\n`
  return `Nothing was archived: ${printableLine(commit.message)}\n${hint}`
}

/** What an archiving did, and what it had to leave. */
export const archiveText = (archived: Archived, dryRun: boolean, style: Style): string => {
  const blocked = archived.blocked.map(
    (id) => `${style.yellow('left')}  ${id}: another file lies in its place in the archive.\n`,
  )
  return doneText(archived, dryRun) + blocked.join('')
}
