import type { OpId } from '@kitty/record'
import { compose } from '../../compose.js'
import { HookCommand, type HookSetting } from '../../hook-command.js'
import type { Report } from '../../report.js'
import { abandonAll, leftBy } from '../../session-ops.js'

const abandonedText = (ids: readonly OpId[]): string => {
  const what = ids.length === 1 ? '1 Op that was' : `${ids.length} Ops that were`
  return `Closed as abandoned, ${what} left open: ${ids.join(', ')}\n`
}

export class HooksSessionEnd extends HookCommand {
  static override description = `\
Claude Code runs it; the session is told on standard input. Ops of this session are closed in every
work tree of the repository; Ops of others, and of commands that still run, are left alone. It is silent
where there is nothing to close, and ends with exit status 0 always; --debug shows what went wrong.`
  static override usage = 'hooks session-end [--json]'
  static override examples = [
    '$ echo \'{"session_id": "1b4e28ba"}\' | <%= config.bin %> hooks session-end',
  ]

  protected override async act({ io, project, input }: HookSetting): Promise<Report | undefined> {
    const session = input.session ?? project.environment.session
    if (session === undefined) return undefined
    const { rootsInWorkTrees } = await import('@kitty/writer')
    const closed: OpId[] = []
    for (const root of await rootsInWorkTrees(project.root)) {
      const left = await this.#left(io, root, session)
      if (left === undefined) continue
      closed.push(...(await abandonAll(left.ops, left.ids)))
    }
    if (closed.length === 0) return undefined
    return { json: { abandoned: closed }, text: () => abandonedText(closed) }
  }

  /** A work tree that cannot be looked at hinders none of the others. */
  async #left(io: HookSetting['io'], root: string, session: string) {
    try {
      const ops = await (await compose(io, { root })).open('closing')
      const ids = await leftBy(ops, session)
      return ids.length === 0 ? undefined : { ops, ids }
    } catch {
      return undefined
    }
  }
}
