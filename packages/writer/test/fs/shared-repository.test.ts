import { lstat, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { createFile } from '../../src/fs/durable-file.js'
import { ensureFolder } from '../../src/fs/folder.js'

const modeOf = async (path: string): Promise<string> =>
  ((await lstat(path)).mode & 0o7777).toString(8)

const withConfig = async (text: string): Promise<Repository> => {
  const repository = await newRepository()
  await writeFile(join(repository.path, '.git', 'config'), text, { flag: 'a' })
  return repository
}

const section = (value: string): string => `[core]\n\tsharedRepository = ${value}\n`

const VALUES = ['umask', 'false', '0', 'group', 'true', '1', 'all', 'world', 'everybody', '2']
const MORE = ['0640', '0660', '0664', '640', '0770', '"group"', 'group ; of us']
const CONFIGS = [
  ...[...VALUES, ...MORE].map(section),
  '[core]\n\tsharedRepository\n',
  '[CORE] SHAREDREPOSITORY=all # for all\n',
  `${section('all')}[other]\n\tx = y\n[core]\n\tsharedrepository = group\n`,
  '[core "sub"]\n\tsharedRepository = all\n',
  '[other]\n\tsharedRepository = all\n',
]

describe.skipIf(process.platform === 'win32').each(['022', '077', '002'])(
  'with a umask of %s',
  (umask) => {
    it.each(CONFIGS)('files and folders get the modes of git’s own: %j', async (config) => {
      const before = process.umask(umask)
      try {
        const repository = await withConfig(config)
        const gitDir = join(repository.path, '.git')
        const known = new Set(await readdir(join(gitDir, 'refs')))
        await repository.git('update-ref', 'refs/folder/file', 'HEAD')
        expect(known).not.toContain('folder')
        const folder = await ensureFolder(gitDir, 'kitty/folder', 'process')
        await createFile(join(folder, 'file'), 'x', 'process')
        const own = join(gitDir, 'refs', 'folder')
        expect(await modeOf(folder)).toBe(await modeOf(own))
        expect(await modeOf(join(folder, 'file'))).toBe(await modeOf(join(own, 'file')))
      } finally {
        process.umask(before)
      }
    })
  },
)
