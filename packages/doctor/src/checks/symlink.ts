import type { Check, CheckContext } from '../check/check.js'
import type { Advice } from '../check/next-step.js'
import { type FoundFile, filesOf } from '../facts/files.js'
import { indexedAt } from '../facts/git-index.js'
import { headOf } from '../facts/head.js'

const adviceFor = async (context: CheckContext, { path }: FoundFile): Promise<Advice> => {
  const [head, index] = await Promise.all([
    headOf(context).catch(() => undefined),
    indexedAt(context, [path]).catch(() => undefined),
  ])
  if (head?.has(path))
    return { text: 'git has the record.', next: [{ verb: 'git-checkout', path }] }
  if (index?.has(path)) {
    const text = 'Replace it with the file itself, or remove it and commit the removal.'
    return { text, next: [{ verb: 'git-remove', path }] }
  }
  return { text: 'Replace it with the file itself, or delete it.', next: [] }
}

/** Symbolic links instead of records, logs and folders. They are never followed, so their targets are not read. */
export const symlink: Check = {
  id: 'symlink',
  run: async (context) => {
    const links = (await filesOf(context)).filter(({ kind }) => kind === 'link')
    return Promise.all(
      links.map(async (link) => {
        const { text, next } = await adviceFor(context, link)
        const message = `This is a symbolic link, which is never followed here. ${text}`
        const base = { id: symlink.id, severity: 'error', path: link.path } as const
        return { ...base, message, fixable: false, next }
      }),
    )
  },
}
