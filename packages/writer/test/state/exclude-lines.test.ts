import { chmod, chown, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { newOpId } from '@kitty/record'
import {
  ANOTHER_USER,
  asOrdinaryUser,
  newRepository,
  type Repository,
  tempFolder,
} from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import type { OpsOptions } from '../../src/ops/context.js'
import { findWorkTree } from '../../src/project/git-dir.js'
import {
  excludePathOf,
  excludePattern,
  excludeProblem,
  hasExcludeLine,
  listExcludeLines,
  removeExcludeLines,
} from '../../src/state/exclude-lines.js'
import { DONE, openIn, REQUEST } from '../support/store.js'
import { always, committing, holdingBack, NEVER } from '../support/strategies.js'

const FILE = '.git/info/exclude'

const setExclude = async ({ path }: Repository, text: string): Promise<void> => {
  await mkdir(join(path, '.git', 'info'), { recursive: true })
  await writeFile(join(path, FILE), text)
}

const linesOf = async ({ read }: Repository): Promise<readonly string[]> =>
  (await read(FILE)).split('\n').filter((line) => line.includes('kitty-ops/0'))

const storeIn = (path: string, options: Partial<OpsOptions> = {}) =>
  openIn(path, { strategy: committing(), ...options })

describe('the line of a record', () => {
  it('is there while the Op is open, and is taken out before it is committed', async () => {
    const repository = await newRepository()
    const seen: (readonly string[])[] = []
    const strategy = committing()
    const watching = {
      ...strategy,
      commit: async (...args: Parameters<typeof strategy.commit>) => {
        seen.push(await linesOf(repository))
        return strategy.commit(...args)
      },
    }
    const ops = await storeIn(repository.path, { strategy: watching })
    const { id } = await ops.start(REQUEST)
    expect(await linesOf(repository)).toEqual([`/kitty-ops/${id}.jsonl`])
    expect(await repository.statusPorcelain()).toEqual([])
    await ops.complete(id, DONE)
    expect(seen).toEqual([[`#kitty-ops/${id}.jsonl`]])
    expect(await linesOf(repository)).toEqual([`#kitty-ops/${id}.jsonl`])
  })

  it('takes the place of one that was taken out', async () => {
    const repository = await newRepository()
    const ops = await storeIn(repository.path)
    await ops.complete((await ops.start(REQUEST)).id, DONE)
    const { id } = await ops.start(REQUEST)
    expect(await linesOf(repository)).toEqual([`/kitty-ops/${id}.jsonl`])
  })

  it('comes back if the Op is not committed, and goes with the commit', async () => {
    const repository = await newRepository()
    const { strategy, gate } = holdingBack()
    const ops = await storeIn(repository.path, { strategy })
    const { id } = await ops.start(REQUEST)
    await ops.complete(id, DONE)
    expect(await linesOf(repository)).toEqual([`/kitty-ops/${id}.jsonl`])
    gate.open = true
    await ops.flush()
    expect(await linesOf(repository)).toEqual([`#kitty-ops/${id}.jsonl`])
  })

  it('stays if a guard refuses the Op', async () => {
    const repository = await newRepository()
    const ops = await storeIn(repository.path, { strategy: always(NEVER) })
    const { id } = await ops.start(REQUEST)
    await ops.complete(id, DONE)
    expect(await linesOf(repository)).toEqual([`/kitty-ops/${id}.jsonl`])
  })

  it('begins with the path of the root, with what has a meaning in a pattern escaped', async () => {
    const repository = await newRepository()
    const prefix = process.platform === 'win32' ? 'a [b]' : 'a*[b]?\\c'
    await mkdir(join(repository.path, prefix))
    const ops = await storeIn(join(repository.path, prefix))
    const { id } = await ops.start(REQUEST)
    expect(await repository.git('status', '--porcelain', '-uall')).toBe('')
    expect(excludePattern(prefix, id)).toContain('\\[b\\]')
    expect(excludePattern('two\nlines', id)).toBe(`/two?lines/kitty-ops/${id}.jsonl`)
  })

  it('is not written if that is turned off, or for the 65th record', async () => {
    const repository = await newRepository()
    const off = await storeIn(repository.path, { exclude: false })
    await off.start(REQUEST)
    expect((await repository.statusPorcelain()).length).toBeGreaterThan(0)
    const ops = await storeIn(repository.path)
    for (let count = 0; count < 66; count += 1) await ops.start(REQUEST)
    expect(await linesOf(repository)).toHaveLength(64)
  })
})

describe('the lines of the user', () => {
  it.each([
    ['no final line feed', 'mine/', 'mine/\n'],
    ['carriage returns', 'mine/\r\n*.o\r\n', 'mine/\r\n*.o\r\n'],
    ['a byte-order mark', '\ufeffmine/\n', '\ufeffmine/\n'],
    ['nothing', '', ''],
  ])('stay as they are: %s', async (_, before, kept) => {
    const repository = await newRepository()
    await setExclude(repository, before)
    const ops = await storeIn(repository.path)
    const { id } = await ops.start(REQUEST)
    expect(await repository.read(FILE)).toBe(`${kept}/kitty-ops/${id}.jsonl\n`)
    await ops.complete(id, DONE)
    expect((await repository.read(FILE)).startsWith(`${kept}#kitty-ops/${id}.jsonl\n`)).toBe(true)
  })

  it.skipIf(process.platform === 'win32')('may be behind a link, which is followed', async () => {
    const repository = await newRepository()
    const target = join(await tempFolder(), 'shared-exclude')
    await writeFile(target, 'mine/\n')
    await setExclude(repository, '')
    await rm(join(repository.path, FILE))
    await symlink(target, join(repository.path, FILE))
    const ops = await storeIn(repository.path)
    const { id } = await ops.start(REQUEST)
    expect(await linesOf(repository)).toEqual([`/kitty-ops/${id}.jsonl`])
    await ops.complete(id, DONE)
  })
})

describe('a file of rules that cannot be used', () => {
  it('never fails an Op: a folder in its place', async () => {
    const repository = await newRepository()
    await rm(join(repository.path, FILE), { force: true })
    await mkdir(join(repository.path, FILE), { recursive: true })
    const ops = await storeIn(repository.path)
    const { id } = await ops.start(REQUEST)
    expect((await ops.complete(id, DONE)).commit.status).toBe('committed')
    expect(excludeProblem(join(repository.path, '.git'))).toBe('not-a-file')
    expect(hasExcludeLine(join(repository.path, FILE), '/x')).toBe(false)
  })

  it('never fails an Op: a file in the place of its folder', async () => {
    const repository = await newRepository()
    await rm(join(repository.path, '.git', 'info'), { recursive: true, force: true })
    await writeFile(join(repository.path, '.git', 'info'), '')
    const ops = await storeIn(repository.path)
    const { id } = await ops.start(REQUEST)
    expect((await ops.complete(id, DONE)).commit.status).toBe('committed')
    expect(excludeProblem(join(repository.path, '.git'))).toBe('not-a-file')
  })

  it('is no problem if it is missing, with its folder', async () => {
    const repository = await newRepository()
    await rm(join(repository.path, '.git', 'info'), { recursive: true, force: true })
    expect(excludeProblem(join(repository.path, '.git'))).toBeUndefined()
    const { id } = await (await storeIn(repository.path)).start(REQUEST)
    expect(await linesOf(repository)).toEqual([`/kitty-ops/${id}.jsonl`])
    expect(excludeProblem(join(repository.path, '.git'))).toBeUndefined()
  })

  it.skipIf(process.platform === 'win32')('is left alone if it is read-only', async () => {
    const repository = await newRepository()
    await setExclude(repository, 'mine/\n')
    await chmod(join(repository.path, FILE), 0o444)
    const problem = await asOrdinaryUser(repository.path, async () => {
      const ops = await storeIn(repository.path)
      await ops.complete((await ops.start(REQUEST)).id, DONE)
      return excludeProblem(join(repository.path, '.git'))
    })
    expect(problem).toBe('read-only')
    expect(await repository.read(FILE)).toBe('mine/\n')
  })

  it.skipIf(process.getuid?.() !== 0)(
    'is left alone if it is another user’s (needs root)',
    async () => {
      const repository = await newRepository()
      await setExclude(repository, 'mine/\n')
      await chown(join(repository.path, FILE), ANOTHER_USER, ANOTHER_USER)
      await (await storeIn(repository.path)).start(REQUEST)
      expect(await repository.read(FILE)).toBe('mine/\n')
      expect(excludeProblem(join(repository.path, '.git'))).toBe('foreign-owner')
    },
  )
})

describe('the list of lines', () => {
  it('has those of all roots, without those that are taken out or the user’s', async () => {
    const repository = await newRepository()
    const [one, two] = [newOpId(), newOpId()]
    await setExclude(
      repository,
      `/kitty-ops/${one}.jsonl\r\n#kitty-ops/${two}.jsonl\n/x/kitty-ops/${two}.jsonl\n/kitty-ops/*.jsonl\n`,
    )
    const commonDir = join(repository.path, '.git')
    const lines = listExcludeLines(commonDir)
    expect(lines).toEqual([
      { id: one, pattern: `/kitty-ops/${one}.jsonl` },
      { id: two, pattern: `/x/kitty-ops/${two}.jsonl` },
    ])
    await removeExcludeLines(commonDir, lines)
    expect(listExcludeLines(commonDir)).toEqual([])
    expect(await repository.read(FILE)).toContain('\n/kitty-ops/*.jsonl\n')
    const path = excludePathOf(commonDir)
    expect([dirname(path), (await findWorkTree(repository.path))?.commonDir]).toEqual([
      join(commonDir, 'info'),
      commonDir,
    ])
  })

  it('is not changed while another process changes it', async () => {
    const repository = await newRepository()
    const id = newOpId()
    await setExclude(repository, `/kitty-ops/${id}.jsonl\n`)
    const commonDir = join(repository.path, '.git')
    await mkdir(join(commonDir, 'kitty'))
    await writeFile(join(commonDir, 'kitty', 'exclude.lock'), 'not ours')
    await expect(removeExcludeLines(commonDir, listExcludeLines(commonDir))).rejects.toMatchObject({
      code: 'LOCK_TIMEOUT',
    })
    expect(await linesOf(repository)).toEqual([`/kitty-ops/${id}.jsonl`])
  })
})
