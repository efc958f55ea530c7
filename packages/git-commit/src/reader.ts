import type { CommitReader } from '@kitty/writer'
import { findCommits } from './repository/find-commits.js'

/** Reads what git holds. The modules that only this needs are imported on demand. */
export const gitReader: CommitReader = {
  recordsInHead: async (root) =>
    (await import('./inspect/records-in-head.js')).committedRecords(root),
  findCommits,
  sparseRecords: async (root) => (await import('./inspect/sparse-records.js')).sparseRecords(root),
  headCommit: async (root) => (await import('./work/work-since.js')).headCommit(root),
  workSince: async (root, start) => (await import('./work/work-since.js')).workSince(root, start),
}
