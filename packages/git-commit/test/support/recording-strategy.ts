import type { CommitRequest, CommitStrategy } from '@kitty/writer'

export type RecordingStrategy = CommitStrategy & {
  /** What each call was handed. */
  readonly calls: CommitRequest[][]
}

/** Commits nothing, says it did with the request's message as the id, and remembers every call. */
export const recordingStrategy = (commitsOnlyItsPaths?: boolean): RecordingStrategy => {
  const calls: CommitRequest[][] = []
  return {
    name: 'recording',
    calls,
    ...(commitsOnlyItsPaths !== undefined && { commitsOnlyItsPaths }),
    commit: async (requests) => {
      calls.push([...requests])
      return requests.map(({ message }) => ({ status: 'committed', sha: message }))
    },
  }
}
