import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { execa } from 'execa'
import { expect, it } from 'vitest'
import { jsonIn } from '../support/in-process.js'

const ODD = "a $HOME `id` it's"

it.skipIf(process.platform === 'win32')(
  'the command that closes an Op is safe in a shell',
  async () => {
    const folder = await tempFolder()
    const root = join(folder, ODD)
    await mkdir(root)
    const { json } = await jsonIn(folder, ['do', 'x', '--root', root])
    const [, command = ''] = /"command":("(?:[^"\\]|\\.)*")/.exec(JSON.stringify(json)) ?? []
    const typed = String(JSON.parse(command)).replace('spec-kitty', "printf '%s\\n'")
    const { stdout } = await execa('sh', ['-c', typed])
    expect(stdout.split('\n').at(-1)).toBe(root)
  },
)
