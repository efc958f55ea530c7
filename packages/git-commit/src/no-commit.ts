import type { CommitStrategy } from '@kitty/writer'

/** Commits nothing: every Op is answered with `skipped`, `disabled`, and its record stays on disk. */
export const noCommit = (): CommitStrategy => ({
  name: 'none',
  commitsOnlyItsPaths: true,
  commit: async (requests) => requests.map(() => ({ status: 'skipped', reason: 'disabled' })),
})
