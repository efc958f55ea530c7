import type { Check } from '../check.js'
import { filesOf } from '../facts/files.js'

/** Links in the place of records, logs and folders. None is ever followed, so what they stand for is missing. */
export const symlink: Check = {
  id: 'symlink',
  examine: async (at) => {
    const links = (await filesOf(at)).filter(({ kind }) => kind === 'link')
    return links.map(({ path }) => ({
      id: symlink.id,
      severity: 'error',
      path,
      message: `${path} is a symbolic link, and none is followed here. Put the file itself in its place, or remove the link: git rm --cached -- ${path}`,
      fixable: false,
    }))
  },
}
