import { chmod, chown, lstat, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  configureRepository,
  type Repository,
  repositoryAt,
  startProgram,
  tempFolder,
} from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { openWithLedger } from '../support/ledger.js'
import { giveTo } from '../support/ordinary-user.js'
import { closeOne, DONE, expectOnce, REQUEST } from '../support/store.js'

const PROGRAM = new URL('../support/programs/shared-user.ts', import.meta.url)

const [ANNA, BEN, GROUP] = [65_534, 65_533, 65_532]

/** The paths below a folder, with their modes: those of files without the bits to execute. */
const modesIn = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  const names = await readdir(folder, { recursive: true })
  const entries = names.map(async (name) => {
    const { mode } = await lstat(join(folder, name))
    return [name.replaceAll('\\', '/'), (mode & 0o7777).toString(8)] as const
  })
  return new Map(await Promise.all(entries))
}

const newShared = async (shared: string): Promise<Repository> => {
  const folder = join(await tempFolder(), 'shared')
  const outside = repositoryAt(dirname(folder))
  await outside.git('init', '--quiet', '--initial-branch=work', `--shared=${shared}`, folder)
  await configureRepository(folder)
  const repository = repositoryAt(folder)
  await repository.commit('First commit')
  return repository
}

/** Runs a program as one of the users of the group. */
const asUser = async (user: number, root: string, ...args: string[]): Promise<string> => {
  // In the home folder as well: git before 2.32 does not know `GIT_CONFIG_GLOBAL`.
  const config = join(dirname(root), '.gitconfig')
  await writeFile(config, '[safe]\n\tdirectory = *\n[user]\n\tname = U\n\temail = u@example.org\n')
  await chmod(config, 0o644)
  const under = ['setpriv', `--reuid=${user}`, `--regid=${GROUP}`, '--clear-groups']
  const ended = await startProgram(PROGRAM, [root, '077', ...args], {
    under: ['env', `GIT_CONFIG_GLOBAL=${config}`, `HOME=${dirname(root)}`, ...under],
  }).ended
  if (ended.exitCode !== 0) throw new Error(ended.stderr)
  return ended.stdout
}

describe.skipIf(process.getuid?.() !== 0)(
  'two users of one group (needs root to become them)',
  () => {
    it('close each other’s Ops in a shared repository, with a umask of 077', async () => {
      const repository = await newShared('group')
      const { path } = repository
      await giveTo(ANNA, path)
      for (const name of await readdir(path, { recursive: true })) {
        await chown(join(path, name), ANNA, GROUP)
      }
      await chown(path, ANNA, GROUP)
      await chmod(path, 0o2770)
      await chmod(dirname(path), 0o755)
      const ids: string[] = []
      for (const [opener, closer] of [
        [ANNA, BEN],
        [BEN, ANNA],
        [BEN, BEN],
        [ANNA, ANNA],
      ] as const) {
        const id = await asUser(opener, path)
        const exclude = await repository.read('.git/info/exclude')
        expect(exclude).toContain(`/kitty-ops/${id}.jsonl`)
        expect(JSON.parse(await asUser(closer, path, id))).toMatchObject({
          status: 'committed',
          ledger: { status: 'committed' },
        })
        expect(await repository.read('.git/info/exclude')).not.toContain(`/kitty-ops/${id}.jsonl`)
        ids.push(id)
      }
      await giveTo(0, path)
      await expectOnce(repository, ids)
    })
  },
)

describe.skipIf(process.platform === 'win32')('what is created in the git directory', () => {
  it.each([
    ['umask', '022', '644', '755', '444'],
    ['umask', '077', '600', '700', '400'],
    ['umask', '002', '664', '775', '444'],
    ['group', '077', '660', '2770', '440'],
    ['all', '077', '664', '2775', '444'],
    ['0640', '022', '640', '2750', '440'],
  ])(
    'has the modes of git’s own files: shared %s, umask %s',
    async (shared, umask, file, folder, object) => {
      const before = process.umask(umask)
      try {
        const repository = await newShared(shared)
        await rm(join(repository.path, '.git', 'info'), { recursive: true })
        const known = await modesIn(repository.path)
        const ops = await openWithLedger(repository.path)
        const open = await ops.start(REQUEST)
        await closeOne(ops)
        await repository.git('checkout', '--quiet', '--detach')
        await ops.complete(open.id, DONE)
        const made = [...(await modesIn(repository.path))].filter(([path]) => !known.has(path))
        expect(made.map(([path]) => path)).toEqual(
          expect.arrayContaining(['.git/info/exclude', '.git/kitty/id', '.git/kitty/index']),
        )
        for (const [path, mode] of made) {
          const isFolder = (await lstat(join(repository.path, path))).isDirectory()
          const isObject = path.startsWith('.git/objects/') && !isFolder
          expect([path, mode]).toEqual([path, isFolder ? folder : isObject ? object : file])
        }
      } finally {
        process.umask(before)
      }
    },
  )
})
