import type { OpId, Outcome } from '@kitty/record'

/** A step that a finding recommends. Plain data, which a command line turns into a command. */
export type NextStep = {
  /** What to do, with a command of this software or with git. A command line has one command for each. */
  readonly verb:
    | 'abandon'
    | 'archive'
    | 'archive-old'
    | 'close'
    | 'close-stale'
    | 'doctor-there'
    | 'fix'
    | 'fix-check'
    | 'fix-deep'
    | 'hooks-install'
    | 'reindex'
    | 'restore'
    | 'restore-all'
    | 'upstream-close-stale'
    | 'validate'
    | 'verify-since'
    | 'verify-there'
    | 'git-add'
    | 'git-check-ignore'
    | 'git-checkout'
    | 'git-checkout-index'
    | 'git-checkout-ours'
    | 'git-checkout-theirs'
    | 'git-commit'
    | 'git-config-add'
    | 'git-config-edit'
    | 'git-delete-ref'
    | 'git-diff'
    | 'git-diff-blobs'
    | 'git-diff-files'
    | 'git-diff-staged'
    | 'git-fetch'
    | 'git-fsck'
    | 'git-log'
    | 'git-log-deletions'
    | 'git-move'
    | 'git-rebase'
    | 'git-refetch'
    | 'git-reflog'
    | 'git-remove'
    | 'git-restore-staged'
    | 'git-show'
    | 'git-show-object'
    | 'git-sparse-add'
    | 'git-stage-blob'
    | 'git-status'
    | 'git-switch'
    | 'git-switch-create'
    | 'git-unshallow'
    | 'git-untrack'
    | 'git-update-ref'
  readonly id?: OpId
  /**
   * Relative to the project root, with `/`; for `git-stage-blob` relative to the top of the work tree, for
   * `doctor-there` and `verify-there` the absolute path of another root; for steps about a ref its name, for
   * `git-config-add` the name of the setting, for `fix-check` the id of the check, for `git-fetch` the remote, for
   * `hooks-install` the agent.
   */
  readonly path?: string
  /** The commit or the blob that the step uses; absent for a `git-rebase` that rewrites the first commit, too. */
  readonly sha?: string
  /** The second path or blob, the branch to switch to, the refspec to fetch, the value to add, or more flags. */
  readonly to?: string
  /** The outcomes to choose from. Default: all. */
  readonly outcomes?: readonly Outcome[]
}

/** The last sentence of a message and the steps that go with it. */
export type Advice = { readonly text: string; readonly next: readonly NextStep[] }
