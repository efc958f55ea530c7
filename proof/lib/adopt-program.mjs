// Takes over Ops of a work tree that was removed, and closes and commits them in the current folder.
import { directGit } from '@kitty/git-commit'
import { KittyError } from '@kitty/record'
import { openOps } from '@kitty/writer'

const ops = await openOps({ root: process.cwd(), strategy: directGit() })

const closeHere = async (id) => {
  await ops.adopt(id)
  await ops.complete(id, { outcome: 'done' }).catch((error) => {
    // It was closed before its work tree was removed, or, if it is not found, also committed.
    if (!['ALREADY_CLOSED', 'OP_NOT_FOUND'].includes(error.code)) throw error
  })
}

try {
  for (const id of process.argv.slice(2)) await closeHere(id)
} catch (error) {
  // An error of the file system, as a program of a user would report it; any other is a bug.
  if (!(error instanceof KittyError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
