import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Repository } from '@kitty/test-kit'
import type { Completion } from '@kitty/writer'
import { describe, expect, it } from 'vitest'
import { withBranches } from '../support/branches.js'
import { expectBytes } from '../support/expect-committed.js'
import { closeOne, storeAt } from '../support/ops.js'
import { templateOf } from '../support/template.js'

const branches = templateOf(withBranches)

type Change = (repository: Repository, path: string) => Promise<unknown>

/** A user's `git add -A` took the open record along; git's flags for the file then still apply. */
const commitOpen =
  (...args: string[]): Change =>
  async (repository, path) => {
    await repository.commit('With an open record')
    await repository.git(...args, path)
  }

const CASES: Readonly<Record<string, Change>> = {
  'committed while open, and assume-unchanged': commitOpen('update-index', '--assume-unchanged'),
  'committed while open, and skip-worktree': commitOpen('update-index', '--skip-worktree'),
  'committed while open, under core.ignoreStat': async (repository, path) => {
    await repository.git('config', 'core.ignoreStat', 'true')
    await commitOpen('add')(repository, path)
  },
  'staged while open, under core.ignoreStat': async ({ git }, path) => {
    await git('config', 'core.ignoreStat', 'true')
    await git('add', path)
  },
  'with keywords that attributes of the repository expand': ({ write }) =>
    write('.git/info/attributes', '* ident\n'),
  'with keywords that attributes of the project’s own expand': ({ write }) =>
    write('kitty-ops/.gitattributes', '*.jsonl ident\n'),
}

const closeAfter = async (repository: Repository, change: Change): Promise<Completion> => {
  const ops = await storeAt(repository, {}, { exclude: false })
  const { id, path } = await ops.start({
    profile_id: 'debugger-debbie',
    action: 'investigate',
    request_text: 'What does $Id: 0123$ mean?',
  })
  await change(repository, path)
  return ops.complete(id, { outcome: 'done' })
}

/** HEAD and the index hold the closed record, and the user's next commit keeps it. */
const expectClosed = async (repository: Repository, { path, commit }: Completion) => {
  expect(commit.status).toBe('committed')
  const bytes = await readFile(join(repository.path, path))
  await expectBytes(repository, path, bytes)
  expect(await repository.git('diff', '--cached', '--name-only')).toBe('')
  await repository.git('commit', '--quiet', '--allow-empty', '-m', 'The user’s next')
  await expectBytes(repository, path, bytes)
}

describe('a record', () => {
  it.each(Object.entries(CASES))('%s', async (_, change) => {
    const repository = await branches()
    await expectClosed(repository, await closeAfter(repository, change))
  })

  it.skipIf(process.platform === 'win32')('that is executable on disk', async () => {
    const repository = await branches()
    const closed = await closeAfter(repository, (_, path) =>
      chmod(join(repository.path, path), 0o755),
    )
    await expectClosed(repository, closed)
  })

  it.each([1, 101])('git need not read it again, with %i at once', async (count) => {
    const repository = await branches()
    const ops = await storeAt(repository)
    await Promise.all(Array.from({ length: count }, () => closeOne(ops)))
    // Relies on what the index records of the files, and reads none.
    expect(await repository.git('diff-files', '--name-only', '--', 'kitty-ops')).toBe('')
  })
})
