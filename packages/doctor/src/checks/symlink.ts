import { shellWord } from '@kitty/writer'
import type { Check, CheckContext } from '../check/check.js'
import { type FoundFile, filesOf } from '../facts/files.js'
import { indexedAt } from '../facts/git-index.js'
import { headOf } from '../facts/head.js'

/** How to be rid of a link, wherever it is. */
const wayOut = async (context: CheckContext, { path }: FoundFile): Promise<string> => {
  const [head, index] = await Promise.all([
    headOf(context).catch(() => undefined),
    indexedAt(context, [path]).catch(() => undefined),
  ])
  if (head?.has(path)) return `To have the record back: git checkout HEAD -- ${shellWord(path)}`
  const remove = index?.has(path) ? `git rm -f -- ${shellWord(path)}, then git commit` : 'delete it'
  return `Put the file itself in its place, or remove the link: ${remove}`
}

/** Links in the place of records, logs and folders. None is ever followed, so what they stand for is missing. */
export const symlink: Check = {
  id: 'symlink',
  run: async (context) => {
    const links = (await filesOf(context)).filter(({ kind }) => kind === 'link')
    return Promise.all(
      links.map(async (link) => ({
        id: symlink.id,
        severity: 'error' as const,
        path: link.path,
        message: `${link.path} is a symbolic link, and none is followed here. ${await wayOut(context, link)}`,
        fixable: false,
      })),
    )
  },
}
