import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ATTRIBUTES_TEXT } from '../../src/project/paths.js'
import { DONE, openStore, REQUEST } from '../support/store.js'
import { committing, holdingBack, writtenBy } from '../support/strategies.js'

describe('the attributes of the records', () => {
  it('are requested again if they were created again, as on a branch without them', async () => {
    const strategy = committing()
    const ops = await openStore({ strategy, commitOpsIndex: false })
    const close = async () => ops.complete((await ops.start(REQUEST)).id, DONE)
    await close()
    const file = join(ops.root, 'kitty-ops', '.gitattributes')
    expect(await readFile(file, 'utf8')).toBe(ATTRIBUTES_TEXT)
    await rm(file)
    await close()
    expect(writtenBy(strategy.requests[1])).toContain('kitty-ops/.gitattributes')
    expect(strategy.requests[1]).toMatchObject({ index: { commit: false } })
  })

  it('are removed again if they were not committed', async () => {
    const { strategy } = holdingBack()
    const ops = await openStore({ strategy })
    const { id } = await ops.start(REQUEST)
    await ops.complete(id, DONE)
    expect(writtenBy(strategy.requests[0])).toContain('kitty-ops/.gitattributes')
    expect(await readdir(join(ops.root, 'kitty-ops'))).toEqual([`${id}.jsonl`])
  })

  it("are neither changed nor committed if they are the user's own", async () => {
    const strategy = committing()
    const ops = await openStore({ strategy })
    const { id } = await ops.start(REQUEST)
    const file = join(ops.root, 'kitty-ops', '.gitattributes')
    await writeFile(file, '# Mine.\n')
    await ops.complete(id, DONE)
    expect(writtenBy(strategy.requests[0])).not.toContain('kitty-ops/.gitattributes')
    expect(await readFile(file, 'utf8')).toBe('# Mine.\n')
  })
})
