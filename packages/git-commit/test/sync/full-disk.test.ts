import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { withShim } from '../support/git-shim.js'
import { collected, newMember, newServer, published, refsIn, sync } from '../support/sync.js'

/** Runs a command that sees the objects of a repository on a small file system of its own, which is full. */
const FULL = `#!/bin/sh
objects=$1/objects; copy=$(mktemp -d); shift
cp -r "$objects/." "$copy"
exec unshare -rm sh -c '
  mount -t tmpfs -o size=512k tmpfs "$1" && cp -r "$2/." "$1" && rm -rf "$2"
  dd if=/dev/zero of="$1/filler" bs=4k 2>/dev/null
  shift 2; exec "$@"' sh "$objects" "$copy" "$@"
`

const onFullDisk = async (): Promise<string> => {
  const script = join(await tempFolder(), 'on-full-disk')
  await writeFile(script, FULL, { mode: 0o755 })
  return script
}

const isPossible = (): boolean =>
  spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

describe.skipIf(!isPossible())('a full disk', () => {
  it('of this clone ends the sync, and blames no ledger of the server', async () => {
    const server = await newServer()
    const [a, b] = [await newMember(server, 2), await newMember(server, 0)]
    await sync(a.clone)
    const full = `'${await onFullDisk()}' '${join(b.clone.path, '.git')}'`
    const shim = `case " $* " in *" fetch "*) PATH="\${PATH#*:}" exec ${full} git "$@";; esac`
    await withShim(shim, async () => {
      await expect(sync(b.clone)).rejects.toMatchObject({
        code: 'DISK_FULL',
        hint: expect.stringContaining('Free some space'),
      })
    })
    expect(await refsIn(b.clone, 'refs/kitty/remotes')).toEqual([])
    await sync(b.clone)
    expect(await collected(b.clone)).toEqual(a.ids.toSorted())
  })

  it('of the server is no refusal of a record', async () => {
    const server = await newServer()
    const { clone, ids } = await newMember(server, 2)
    const full = `'${await onFullDisk()}' '${server.path}' git-receive-pack`
    await clone.git('config', 'remote.origin.receivepack', full)
    const { pushed, skipped } = await sync(clone)
    expect(pushed).toEqual([])
    expect(skipped).toMatchObject([
      { reason: 'broken-off', hint: expect.stringContaining('Try again.') },
    ])
    expect(skipped[0]?.message).toContain('No space left on device')
    expect(skipped[0]?.ops).toBeUndefined()
    await clone.git('config', '--unset', 'remote.origin.receivepack')
    await sync(clone)
    expect(await published(server)).toEqual(ids.toSorted())
  })
})
