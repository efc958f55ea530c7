import { appendFileSync, readFileSync } from 'node:fs'
import type { CommitStrategy } from '../../src/ports/commit-strategy.js'
import { idOf } from './strategies.js'

/** Reads the Ops in a history that is stored in a file, each with its commit, in order. */
export const readHistory = (file: string): (readonly [id: string, sha: string])[] => {
  try {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    return lines.map((line) => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? ''] as const)
  } catch {
    return []
  }
}

/** Commits to a file, each Op at most once. Processes that share the file rely on the commit lock. */
export const fileHistory = (file: string, before = () => {}, after = () => {}): CommitStrategy => ({
  name: 'mine',
  commit: async (_, requests) => {
    before()
    const results = requests.map((request) => {
      const known = readHistory(file)
      const found = known.find(([id]) => id === idOf(request))
      const sha = found?.[1] ?? `c${known.length + 1}`
      if (found === undefined) appendFileSync(file, `${idOf(request)} ${sha}\n`)
      return { status: 'committed', sha } as const
    })
    after()
    return results
  },
})
