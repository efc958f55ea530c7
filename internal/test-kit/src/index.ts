export {
  type ChildOptions,
  type ChildProgram,
  type Ended,
  startProgram,
} from './child-program.js'
export {
  byteOrderMark,
  conflictMarkers,
  crlf,
  DAMAGE,
  invalidUtf8,
  nulTail,
  tornTail,
} from './damage.js'
export { withShim } from './git-shim.js'
export { isGitOlder } from './git-version.js'
export { isolateGit } from './isolate-git.js'
export { ANOTHER_USER, asOrdinaryUser, giveTo, whileReadOnly } from './ordinary-user.js'
export { closedRecordText, openRecordText, type RecordDetails } from './record-text.js'
export {
  configureRepository,
  newRepository,
  type Repository,
  type RepositoryOptions,
  repositoryAt,
} from './repository.js'
export { type GitRun, type GitRunOptions, gitIn, tryGitIn } from './run-git.js'
export { type StagedState, stagedState } from './staged-state.js'
export { removeTempFolders, tempFolder } from './temp-folder.js'
export {
  type Upstream,
  type UpstreamOp,
  upstreamAt,
  upstreamClosure,
  upstreamLegacyRecord,
  upstreamMigratedRecord,
} from './upstream.js'
export { withEnv } from './with-env.js'
