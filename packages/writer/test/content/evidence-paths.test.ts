import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { evidenceFolder, toAbsolute } from '../../src/project/paths.js'
import { openIn, openStore, REQUEST, stateOf } from '../support/store.js'
import { committing, holdingBack, writtenBy } from '../support/strategies.js'

/** An Op that was closed with evidence and has no intent. */
const closedWithEvidence = async () => {
  const { root } = await openStore()
  await writeFile(join(root, 'proof.txt'), 'fine')
  const before = await openIn(root)
  const { id, path } = await before.start(REQUEST)
  await before.complete(id, { outcome: 'done', evidence: 'proof.txt' })
  await rm(await stateOf(before), { recursive: true })
  const strategy = committing()
  const ops = await openIn(root, { strategy })
  const folder = toAbsolute(root, evidenceFolder(id))
  return { ops, strategy, id, path, folder, evidence: `${evidenceFolder(id)}/proof.txt` }
}

describe('evidence of an Op without an intent', () => {
  it('is what its record names, and nothing else in its folder', async () => {
    const { ops, strategy, id, path, folder, evidence } = await closedWithEvidence()
    await writeFile(join(folder, '.proof.txt.00ff.tmp'), 'half')
    await writeFile(join(folder, 'old.env'), 'KEY=1')
    expect(await ops.commitClosed(id)).toEqual({ status: 'committed', sha: 'c1' })
    expect(writtenBy(strategy.requests[0]).slice(0, 2)).toEqual([path, evidence])
    expect(writtenBy(strategy.requests[0])).not.toContain(`${evidenceFolder(id)}/old.env`)
  })

  it.skipIf(process.platform === 'win32')('is not the target of a symbolic link', async () => {
    const { ops, strategy, id, folder, evidence } = await closedWithEvidence()
    const elsewhere = join(await tempFolder(), 'private')
    await rename(folder, elsewhere)
    await symlink(elsewhere, folder)
    const { notes } = { notes: [], ...(await ops.commitClosed(id)) }
    expect(writtenBy(strategy.requests[0])).not.toContain(evidence)
    expect(notes).toEqual([`${evidence} was left out: the file no longer exists.`])
  })
})

describe('evidence that is gone by the time it is committed', () => {
  it('is named in the result', async () => {
    const { strategy, gate } = holdingBack()
    const ops = await openStore({ strategy })
    await mkdir(join(ops.root, 'out'))
    await writeFile(join(ops.root, 'out', 'proof.txt'), 'fine')
    const { id } = await ops.start(REQUEST)
    await ops.complete(id, { outcome: 'done', evidence: 'out/proof.txt' })
    await rm(toAbsolute(ops.root, evidenceFolder(id)), { recursive: true })
    gate.open = true
    const result = (await ops.flush()).get(id)
    expect(result).toMatchObject({
      status: 'committed',
      notes: [`${evidenceFolder(id)}/proof.txt was left out: the file no longer exists.`],
    })
  })
})
