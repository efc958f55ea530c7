import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../src/index.js'
import { expectHealthy } from './support/expect-healthy.js'
import { newStore } from './support/store.js'

const CORPUS = join(import.meta.dirname, '../../../../shared/corpus/records')

const names = existsSync(CORPUS)
  ? readdirSync(CORPUS).filter((name) => /^[0-9A-Z]{26}\.jsonl$/.test(name))
  : []

const idsWhere = (passes: (lines: readonly string[]) => boolean): string[] =>
  names
    .filter((name) => passes(readFileSync(join(CORPUS, name), 'utf8').split('\n')))
    .map((name) => name.slice(0, 26))
    .sort()

const completed = (line: string): boolean => /"event": ?"completed"/.test(line)

describe.skipIf(names.length === 0)('a store of real records (needs ../shared/corpus)', () => {
  it('has the open Ops and the legacy ones, all uncommitted, and nothing else wrong', async () => {
    const { repository, ops } = await newStore()
    mkdirSync(join(repository.path, 'kitty-ops'))
    for (const name of names) {
      copyFileSync(join(CORPUS, name), join(repository.path, 'kitty-ops', name))
    }
    const open = idsWhere((lines) => !lines.some(completed))
    const legacy = idsWhere((lines) =>
      lines.some((line) => completed(line) && !line.includes('"closed_by"')),
    )
    const before = await doctorOps({ ops })
    const found = (id: string) =>
      before.findings.flatMap((finding) =>
        finding.id === id ? [...(finding.invocation_ids ?? [finding.invocation_id])] : [],
      )
    expect(found('stale-op')).toEqual(open)
    expect(found('legacy-completion')).toEqual(legacy)
    expect(found('uncommitted')).toHaveLength(names.length - open.length)
    // One for each open Op, one for the legacy ones, one for all that are uncommitted.
    expect(before.findings).toHaveLength(open.length + 2)
    expect(before.open_ops.map(({ invocation_id }) => invocation_id)).toEqual(open)
    const after = await doctorOps({ ops, closeStale: true, fix: true })
    expect(after).toMatchObject({ healthy: true, swept: open.length })
    expect(after.findings.map(({ id }) => id)).toEqual(['legacy-completion'])
    expect(after.fixed.every(({ done }) => done)).toBe(true)
    expect(await repository.log('%(trailers:key=Op-Id,valueonly,separator=)')).toEqual(
      expect.arrayContaining(names.map((name) => name.slice(0, 26))),
    )
    await expectHealthy(ops)
  }, 60_000)
})
