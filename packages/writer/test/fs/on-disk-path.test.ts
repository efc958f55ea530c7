import { existsSync, mkdirSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { canonicalPath } from '../../src/fs/folder.js'
import { onDiskPath } from '../../src/fs/on-disk-path.js'

/** A folder on a disk that ignores case: usual on macOS and Windows; elsewhere, mount one and name it here. */
const folderIgnoringCase = async (): Promise<string | undefined> => {
  const base = process.env.TEST_FOLDER_IGNORING_CASE
  const folder = canonicalPath(base ? await mkdtemp(join(base, 'case-')) : await tempFolder())
  mkdirSync(join(folder, 'Probe'))
  return existsSync(join(folder, 'pROBE')) ? folder : undefined
}

const ignoring = await folderIgnoringCase()

// Most disks of Linux do not ignore case.
describe.runIf(ignoring)('on a disk that ignores case', () => {
  it('a folder has one path, however it is spelled', () => {
    const folder = ignoring ?? ''
    const listed = join(folder, 'Projekt', 'Süd')
    mkdirSync(listed, { recursive: true })
    for (const spelled of [join('projekt', 'süd'), join('PROJEKT', 'SÜD'), join('Projekt', 'Süd')])
      expect(canonicalPath(join(folder, spelled))).toBe(listed)
  })
})

describe.runIf(process.platform === 'linux')('names that differ in case only', () => {
  it('stay as they are where each is an entry of its own', async () => {
    const folder = await tempFolder()
    for (const name of ['one', 'ONE', 'One', '日本', 'u\u0308', 'ü'])
      mkdirSync(join(folder, name), { recursive: true })
    for (const name of ['one', 'ONE', 'One', '日本', 'u\u0308', 'ü'])
      expect(canonicalPath(join(folder, name))).toBe(join(folder, name))
  })

  it('become the listed one if the folder lists no other', async () => {
    const folder = await tempFolder()
    mkdirSync(join(folder, 'ONE'))
    mkdirSync(join(folder, '\u304c'))
    // A disk that ignores case would open these, too.
    expect(onDiskPath(join(folder, 'one', 'x'))).toBe(join(folder, 'ONE', 'x'))
    expect(onDiskPath(join(folder, '\u304b\u3099'))).toBe(join(folder, '\u304c'))
    expect(onDiskPath(join(folder, 'two'))).toBe(join(folder, 'two'))
    expect(onDiskPath('/')).toBe('/')
  })
})
