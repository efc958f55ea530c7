import type { CommitStrategy } from '../ports/commit-strategy.js'
import type { ScratchRepository } from './scratch-repository.js'

/** What a case runs with: a new strategy, and a repository with one commit. */
export type Scene = {
  readonly strategy: CommitStrategy
  readonly repository: ScratchRepository
}

/** One promise of the port, and its test. */
export type SuiteCase = {
  readonly name: string
  readonly run: (scene: Scene) => Promise<void>
}
