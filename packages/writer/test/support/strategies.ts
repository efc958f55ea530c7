import {
  type CommitRequest,
  type CommitResult,
  type CommitStrategy,
  requestPaths,
} from '../../src/ports/commit-strategy.js'

export type Recorded = CommitStrategy & {
  /** The Op ids that each call got. */
  readonly calls: string[][]
  readonly requests: CommitRequest[]
}

type Answer = (
  requests: readonly CommitRequest[],
) => readonly CommitResult[] | Promise<readonly CommitResult[]>

/** The files that a request writes. */
export const writtenBy = (request: CommitRequest | undefined): readonly string[] =>
  request === undefined ? [] : requestPaths(request).write

export const idOf = (request: CommitRequest): string =>
  request.kind === 'op' ? (request.record.parsed.invocation_id ?? '') : ''

/** A strategy that returns given results and records its requests. */
export const answering = (
  answer: Answer,
  more: { name?: string; options?: Record<string, unknown> } = {},
): Recorded => {
  const calls: string[][] = []
  const seen: CommitRequest[] = []
  return {
    name: 'mine',
    ...more,
    calls,
    requests: seen,
    commit: async (_, requests) => {
      calls.push(requests.map(idOf))
      seen.push(...requests)
      return answer(requests)
    },
  }
}

/** A history in memory: an Op in it keeps its commit, however often it is requested. */
const history = () => {
  const shas = new Map<string, string>()
  const shaOf = (id: string): string => {
    const sha = shas.get(id) ?? `c${shas.size + 1}`
    shas.set(id, sha)
    return sha
  }
  const commit: Answer = (requests) =>
    requests.map((request) => ({ status: 'committed', sha: shaOf(idOf(request)) }))
  return { shas, commit }
}

export const committing = (more: { name?: string; options?: Record<string, unknown> } = {}) => {
  const { shas, commit } = history()
  return { shas, ...answering(commit, more) }
}

export const NOT_NOW: CommitResult = {
  status: 'deferred',
  reason: 'rebase',
  message: 'A rebase is in progress.',
}

export const NEVER: CommitResult = {
  status: 'refused',
  code: 'PROTECTED_BRANCH',
  message: 'The branch is protected.',
}

/** Returns the same result for every request. */
export const always = (result: CommitResult, more: { name?: string } = {}): Recorded =>
  answering((requests) => requests.map(() => result), more)

/** Defers everything until its gate is opened. */
export const holdingBack = () => {
  const { shas, commit } = history()
  const gate = { open: false }
  const strategy = answering((requests) =>
    gate.open ? commit(requests) : requests.map(() => NOT_NOW),
  )
  return { strategy, shas, gate }
}
