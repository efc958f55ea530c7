import { rmSync } from 'node:fs'
import { KittyError } from '@kitty/record'
import { boolean } from '@oclif/core/flags'
import { BaseCommand } from '../command/base-command.js'
import type { CommandResult } from '../command/result.js'
import type { UninstallJson } from '../json/setup.js'
import { openProject } from '../project/project.js'
import { printableLine } from '../terminal/printable.js'
import { findNeeded, type Needed } from '../uninstall/needed.js'
import { findHooks, findIndexes, removeHooks, rootsOf } from '../uninstall/parts.js'

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

const neededText = ({ unsettled, onlyInLedger }: Needed): string => {
  const [first, second] = [unsettled.length, onlyInLedger.length]
  return [
    first === 0
      ? []
      : [`${counted(first, 'Op')} ${first === 1 ? 'is' : 'are'} open or not committed`],
    second === 0 ? [] : [`only the ledger has ${counted(second, 'Op')}`],
  ]
    .flat()
    .join(', and ')
}

const uninstalledText = (json: UninstallJson, needed: string): string => {
  const verb = json.dry_run ? 'Would remove' : 'Removed'
  const lines = json.exclude_lines === 0 ? [] : [counted(json.exclude_lines, 'exclude line')]
  const parts = [
    ...json.hooks.map((path) => `the hooks and instructions in ${path}`),
    ...lines,
    ...json.folders.map((path) => `the state in ${path}`),
    ...json.refs.map((ref) => `the ref ${ref}`),
    ...json.indexes.map((path) => `the index ${path}`),
  ].map((part) => `${verb} ${printableLine(part)}.\n`)
  if (parts.length === 0) return 'There is nothing to remove.\n'
  const lead = json.dry_run ? 'Still needed:' : 'Uninstalled, although'
  const first = needed === '' ? '' : `${lead} ${needed}.\n`
  return `${first}${parts.join('')}Records and their commits stay.\n`
}

export class Uninstall extends BaseCommand {
  static override description = `\
Removes what this software keeps in the repository, except records: hooks and instructions of agents in every work
tree, its lines in info/exclude, its state, the ledgers under refs/kitty/ and untracked indexes. It refuses if anything would be lost.
Records, their commits, hooks that you installed with --user, and refs on a server stay: see docs/uninstall.md.`
  static override usage = '<%= command.id %> [--force] [--dry-run] [--json]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %>',
  ]
  static override flags = {
    force: boolean({
      summary: 'Uninstall even if Ops are open, uncommitted, or only in a ledger.',
    }),
    'dry-run': boolean({ summary: 'Show what would be removed. Change nothing.' }),
  }

  protected override async execute(): Promise<CommandResult<UninstallJson>> {
    const { flags } = await this.parse(Uninstall)
    const { root } = await openProject(this.io, flags)
    const { variables } = this.io
    const program = this.outputMode
    const { listOwnRefs, removeRefs } = await import('@kitty/git-commit/inspect')
    const { findState, removeState, stateDirOf } = await import('@kitty/writer/internals')
    // Refuses state that a newer version wrote: this one may not see what is needed of it.
    await stateDirOf(root)
    const roots = await rootsOf(root)
    const [{ folders, excludeLines }, refs, indexes] = await Promise.all([
      findState(roots),
      listOwnRefs(root),
      findIndexes(roots),
    ])
    const needed = await findNeeded(root, roots, folders)
    const found = neededText(needed)
    const dryRun = flags['dry-run'] === true
    if (found !== '' && !dryRun && !flags.force) {
      throw new KittyError('STILL_NEEDED', `Nothing was removed: ${found}.`)
    }
    const find = dryRun ? findHooks : removeHooks
    const hooks = await find(roots, variables, program)
    if (!dryRun) {
      await removeRefs(root, refs)
      for (const path of indexes) rmSync(path, { force: true })
      await removeState(roots)
    }
    const json: UninstallJson = {
      result: 'success',
      dry_run: dryRun,
      hooks: [...hooks],
      exclude_lines: excludeLines,
      folders: [...folders],
      refs: [...refs],
      indexes: [...indexes],
      unsettled: [...needed.unsettled],
      only_in_ledger: [...needed.onlyInLedger],
    }
    return { json, text: () => uninstalledText(json, found) }
  }
}
