import type { CommitRequest, CommitStrategy } from '@kitty/writer'

export type RecordingStrategy = CommitStrategy & {
  /** The requests of each call. */
  readonly calls: CommitRequest[][]
}

/** Commits nothing, returns `committed` with the request's message as the id, and records every call. */
export const recordingStrategy = (commitsOnlyItsPaths?: boolean): RecordingStrategy => {
  const calls: CommitRequest[][] = []
  return {
    name: 'recording',
    calls,
    ...(commitsOnlyItsPaths !== undefined && { commitsOnlyItsPaths }),
    commit: async (_, requests) => {
      calls.push([...requests])
      return requests.map(({ message }) => ({ status: 'committed', sha: message }))
    },
  }
}
