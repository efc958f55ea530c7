// Takes over Ops of a work tree that was removed, and closes and commits them in the current folder.
import { directGit } from '@kitty/git-commit'
import { openOps } from '@kitty/writer'

const ops = await openOps({ root: process.cwd(), strategy: directGit() })
for (const id of process.argv.slice(2)) {
  await ops.adopt(id)
  await ops.complete(id, { outcome: 'done' }).catch((error) => {
    // It was closed before its work tree was removed, or, if it is not found, also committed.
    if (!['ALREADY_CLOSED', 'OP_NOT_FOUND'].includes(error.code)) throw error
  })
}
