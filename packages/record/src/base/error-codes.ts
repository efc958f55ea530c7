/** What a code means, and what to do about it unless the command line has a hint with a command. */
type CodeInfo = { readonly meaning: string; readonly action?: string }

/**
 * Every code of an error, or of a `refused` or `failed` commit result, that these packages use. `docs/errors.md` is
 * made from it and from the hints of the command line.
 */
export const ERROR_CODES = {
  // Ids, times and records.
  OP_ID_INVALID: {
    meaning: 'The text is not the id of an Op.',
    action:
      'Use a ULID: 26 digits or capital letters without I, L, O and U, the first from 0 to 7.',
  },
  TIME_OUT_OF_RANGE: {
    meaning: 'An id or a record cannot hold the time.',
    action: 'Use a time between 1970 and 9999, in whole milliseconds for an id.',
  },
  OP_NOT_CLOSED: {
    meaning: 'Only a closed Op has a commit message.',
    action: 'Close the Op first.',
  },
  RECORD_DAMAGED: { meaning: 'The record is too damaged to close its Op.' },
  RECORD_CHANGED: { meaning: 'Something else changed the record while its Op was being closed.' },
  RECORD_DIFFERS: { meaning: 'The file on disk is not the record that would be restored there.' },
  OP_ERASED: {
    meaning: 'A ledger says that the Op was erased on purpose. Nothing restores it.',
    action: 'Nothing to do.',
  },
  PRESENT: {
    meaning: 'The record to restore is already on disk, unchanged.',
    action: 'Nothing to do.',
  },

  // Opening, finding and closing an Op.
  REQUEST_INVALID: {
    meaning: 'A value for a new Op is missing or invalid. Nothing was written.',
    action: 'Correct the field that the message names.',
  },
  REQUEST_TOO_LARGE: {
    meaning: 'The text of the request is over 1 MiB of UTF-8. Nothing was written.',
    action: 'Put the text into a file, and pass the file as evidence when you close the Op.',
  },
  CLOSING_INVALID: {
    meaning: 'A value for the close is missing or invalid. The Op is unchanged.',
    action: 'Correct the field that the message names.',
  },
  OP_NOT_FOUND: { meaning: 'There is no Op with this id here.' },
  STILL_NEEDED: {
    meaning:
      'Ops are open or not committed, or only a ledger has them: uninstalling would lose something. Nothing was removed.',
  },
  AMBIGUOUS_ID: {
    meaning: 'Several Ops have an id that begins or ends like this.',
    action: 'Use one of the ids that the message lists, or a longer prefix.',
  },
  ALREADY_CLOSED: {
    meaning: 'The Op is already closed with other values. Its record is unchanged.',
    action: 'Open a new Op for further work. A closed record never changes.',
  },
  CLOSE_IN_PROGRESS: { meaning: 'Another process is closing the Op.' },
  NOT_CLOSED: { meaning: 'The work is done, but its Op could not be closed.' },
  LOCK_TIMEOUT: { meaning: 'Another process held the commit lock of the work tree for too long.' },
  LIFECYCLE_INVALID: {
    meaning: 'The event for the lifecycle log is invalid. Nothing was written.',
    action: 'Correct the field that the message names.',
  },

  // Evidence and links.
  REFERENCE_INVALID: {
    meaning: 'The path of an artifact or of evidence cannot be resolved.',
    action: 'Use a plain path.',
  },
  EVIDENCE_NOT_ALLOWED: {
    meaning: 'An Op in this mode of work cannot have evidence.',
    action: 'Close the Op without evidence.',
  },
  EVIDENCE_NOT_FOUND: {
    meaning: 'The file of evidence does not exist.',
    action: 'Use the path of an existing file in the project, or a URL.',
  },
  EVIDENCE_OUTSIDE_ROOT: {
    meaning: 'The file of evidence is outside the project root.',
    action: 'Copy it into the project first.',
  },
  EVIDENCE_INVALID: {
    meaning:
      'The evidence is not a regular file or a URL, or its name is one that git treats specially.',
    action: 'Use one file with another name, or a URL. Pack a folder into one file first.',
  },
  EVIDENCE_SECRETS: {
    meaning:
      'The evidence or a link seems to contain a secret. The message names its kind, and its line in a file.',
  },
  REDACT_PATTERN_INVALID: {
    meaning:
      'A redaction pattern is not a regular expression, or matches the empty text. Nothing was opened.',
    action: 'Correct the pattern in the option `redactPatterns` of `openOps`.',
  },
  REDACT_PATTERN_SLOW: {
    meaning:
      'A redaction pattern took too long for a text, so the text was not written. An Op that was to be closed is still open.',
  },

  // Files and folders.
  ROOT_NOT_FOUND: {
    meaning: 'The project root does not exist.',
    action: 'Use an existing folder.',
  },
  CURRENT_FOLDER_GONE: {
    meaning: 'The current folder was deleted.',
    action: 'Change to a folder that exists, or name the project with --root and an absolute path.',
  },
  PATH_NOT_UTF8: {
    meaning:
      'The path of the current folder has bytes that are not UTF-8, and Node cannot open it.',
    action: 'Rename the folder, or work in another one.',
  },
  NESTED_REPOSITORY: {
    meaning:
      'A folder for records or evidence belongs to another repository, for example as a submodule, so the repository of the project cannot commit what is in it.',
    action: 'Move it elsewhere.',
  },
  NO_WORK_TREE: {
    meaning:
      'The folder belongs to a repository, but to no work tree of it: the repository is bare, or the folder is inside a git directory, or core.worktree names another folder. Nothing was written.',
    action: 'Work in a work tree of the repository. git worktree list shows them.',
  },
  STATE_NEWER: {
    meaning: 'A newer version of this software wrote the state in the git directory.',
    action: 'Update this program.',
  },
  NOT_FOUND: {
    meaning: 'A file or folder does not exist.',
    action: 'Check whether it was moved or deleted in the meantime.',
  },
  ALREADY_EXISTS: {
    meaning: 'Something else is at the path to write. It is unchanged.',
    action: 'Move it elsewhere, then try again.',
  },
  NOT_A_FILE: {
    meaning: 'Something other than a regular file is at the path of a file.',
    action: 'Move it elsewhere, then try again.',
  },
  NOT_A_FOLDER: {
    meaning: 'Something other than a folder is at the path of a folder.',
    action: 'Move it elsewhere, then try again.',
  },
  SYMLINK_REFUSED: {
    meaning: 'A symbolic link is at a path where a real file or folder must be.',
    action: 'Replace it with a real file or folder: records and their folders cannot be links.',
  },
  NOT_READABLE: {
    meaning: 'You have no permission to read a file.',
    action: 'Check who owns the file and its folder.',
  },
  NOT_WRITABLE: {
    meaning: 'You have no permission to write a file, or the disk is mounted read-only.',
    action: 'Check who owns the file and its folder, or the git directory.',
  },
  DISK_FULL: {
    meaning: 'There is no space left to write.',
    action: 'Free some space, then try again. A pending Op is retried when the next Op is closed.',
  },
  READ_FAILED: {
    meaning: 'The system could not read a file.',
    action: 'Act on what the system reported.',
  },
  WRITE_FAILED: {
    meaning: 'The system could not write a file.',
    action: 'Act on what the system reported.',
  },

  // Requests that a strategy refused.
  OPEN_RECORD: { meaning: 'The record is not closed, so it is not committed.' },
  FILE_MISSING: { meaning: 'A file to commit is not on disk, or is not a regular file.' },
  CLOSED_IN_HEAD: {
    meaning: 'HEAD has the closed record with different content. The Op is no longer pending.',
  },
  CLOSED_IN_LEDGER: {
    meaning: 'The ledger has the closed record with different content, which stays.',
    action: 'Compare both versions. A closed record never changes, so neither replaces the other.',
  },
  PROTECTED_BRANCH: { meaning: 'The guard does not commit to this branch.' },
  DESTINATION_REF_SHAPE: {
    meaning: 'The branch that the guard is set to is not a branch name.',
    action: 'Use a branch name such as `feature-x`, without `refs/heads/`.',
  },
  DESTINATION_NOT_FOUND: {
    meaning: 'The branch that the guard is set to does not exist.',
    action: 'Create the branch, or set another one.',
  },
  HEAD_MISMATCH: {
    meaning: 'The branch that the guard is set to is not checked out.',
    action: 'Switch to it.',
  },
  NOT_A_WORKTREE: {
    meaning: 'The project root is in a git repository, but not in a work tree.',
    action: 'Use a folder in a work tree.',
  },
  UNEXPECTED_STAGED_PATH: {
    meaning: 'A staged file would become part of the commit.',
    action: 'Commit or unstage it first, or commit with direct git.',
  },
  EMPTY_CHANGESET: {
    meaning: 'The request to commit names no path.',
    action: 'List the files to write or remove.',
  },
  PATH_POLICY: {
    meaning: 'The request to commit names a path that the guard does not allow.',
    action: 'Use a path that the guard allows, or allow it.',
  },

  // Commits and queries that failed.
  COMMIT_FAILED: {
    meaning: 'The commit failed with an unexpected error.',
    action: 'Act on the message. The Op stays pending.',
  },
  STRATEGY_BROKEN: {
    meaning: 'The commit strategy threw, or did not return one result for each request.',
    action: 'Report it to the author of the strategy.',
  },
  GIT_NOT_STARTED: {
    meaning: 'git could not be started.',
    action: 'Install git 2.30 or newer and make sure that it is on the PATH.',
  },
  GIT_FAILED: { meaning: 'git failed.', action: 'Act on the message of git.' },
  GIT_TIMED_OUT: {
    meaning: 'git did not finish in time, or was killed by a signal.',
    action: 'Try again.',
  },
  SIGNING_FAILED: { meaning: 'The commit could not be signed.' },
  SIGNING_TIMED_OUT: { meaning: 'Signing did not finish in time.' },
  UNSAFE_DIRECTORY: {
    meaning: 'git does not trust the owner of the repository.',
    action: "If you trust this folder, add it to git's safe.directory setting.",
  },
  NO_IDENTITY: {
    meaning: 'git does not know who is committing.',
    action: 'Set user.name and user.email with git config.',
  },
  INDEX_LOCKED: { meaning: 'Another git process holds the index.', action: 'Try again later.' },
  NO_REPOSITORY: {
    meaning: 'There is no git repository here.',
    action: 'Use a folder in a git repository.',
  },
  REV_NOT_FOUND: { meaning: 'There is no such commit in this clone.' },
  NOTHING_COMMITTED: {
    meaning: 'The branch has no commit yet.',
    action: 'Commit something first.',
  },
  FILE_NOT_TRACKED: {
    meaning: 'The file is not in the last commit, so git has no history of it.',
    action: 'Commit the file first, or use the path under which it was committed.',
  },
  LINE_NOT_FOUND: {
    meaning: 'The file has fewer lines.',
    action: 'Use a line of the file as it is on disk.',
  },
  BINARY_FILE: { meaning: 'The file is binary and has no lines.', action: 'Leave out the line.' },
  OBJECTS_MISSING: { meaning: "This clone does not have git's version of the record." },

  // Syncing ledgers with a remote.
  REMOTE_MISSING: {
    meaning: 'No remote was named for a sync.',
  },
  REMOTE_UNKNOWN: {
    meaning: 'The clone has no remote with this name, or the name cannot be part of a ref.',
    action: 'Use a name that git remote lists; an address is not a name.',
  },
  SYNC_OFFLINE: {
    meaning: 'The remote cannot be reached.',
    action: 'Check the connection and the address of the remote, then try again.',
  },
  SYNC_NO_ACCESS: {
    meaning: 'The remote refused access.',
  },
  SYNC_BROKEN_OFF: {
    meaning: 'The connection to the remote broke. What was fetched before stays.',
    action: 'Try again.',
  },
  SYNC_TIMED_OUT: {
    meaning: 'The remote was silent for too long, or the transfer took too long.',
    action: 'Try again later.',
  },
  SYNC_INTERRUPTED: {
    meaning: 'A signal ended the sync. What was fetched before stays.',
    action: 'Run it again.',
  },

  // Configuration and the doctor.
  CONFIG_INVALID: {
    meaning: 'A configuration file is invalid.',
    action: 'Correct the lines that the message names.',
  },
  STRATEGY_INVALID: {
    meaning:
      'The commit strategy that the environment names cannot be loaded, or the one that was passed is none.',
    action:
      'Use a module whose default export is a commit strategy, or a function that returns one.',
  },
  CHECK_ID_TAKEN: {
    meaning: 'Two checks of the doctor have the same id.',
    action: 'Give your check another id.',
  },
  UNKNOWN_CHECK: {
    meaning: 'The doctor has no check with this id.',
    action: 'Use one of the ids that the hint lists.',
  },
  THRESHOLD_INVALID: {
    meaning: 'The age after which an open Op is stale is not a number of hours.',
    action: 'Use 0 or more.',
  },
  DAYS_INVALID: {
    meaning: 'The age to archive is not a number of days.',
    action: 'Use 0 or more.',
  },
  READER_MISSING: {
    meaning: 'The commit strategy cannot read what is committed, so nothing is archived.',
    action: 'Give the strategy a reader.',
  },
  KEEP_INVALID: {
    meaning: 'The number of Ops to keep is not a whole number.',
    action: 'Use 0 or more.',
  },

  // The command line.
  USAGE: {
    meaning: 'The command line has an invalid value or combination.',
    action: 'Act on the hint, or read the help of the command.',
  },
  UNKNOWN_COMMAND: {
    meaning: 'There is no such command.',
    action: 'Use a command that the help lists.',
  },
  CURSOR_INVALID: {
    meaning: 'The cursor of a list is invalid.',
    action: 'Use the `next` of an earlier output unchanged.',
  },
  UNKNOWN_FLAG: {
    meaning: 'The command has no such flag.',
    action: 'Use a flag that the help of the command lists.',
  },
  ARGUMENT_MISSING: {
    meaning: 'A required argument is missing.',
    action: 'Add what the message names.',
  },
  ARGUMENT_UNEXPECTED: {
    meaning: 'The command does not take this argument.',
    action: 'Remove it, or quote a text of several words.',
  },
  TIME_INVALID: {
    meaning: 'A flag has a time that cannot be read.',
    action: 'Use a date, a time or an age, such as `2026-03-01` or `7d`.',
  },
  NOTHING_OPEN: { meaning: 'No Op is open here.' },
  SEVERAL_OPEN: {
    meaning: 'Several Ops are open, and the command names none.',
    action: 'Name one of the listed ids.',
  },
  OPEN_BUT_HELD: {
    meaning: 'The only open Ops belong to other sessions or running commands.',
    action: 'Name one of the listed ids to close it anyway.',
  },
  ID_REQUIRED: {
    meaning: 'An agent or a script can close an Op only by its id.',
    action: 'Name the id that opening the Op returned.',
  },
  FILE_NOT_READABLE: {
    meaning: 'A file that was named cannot be read.',
    action: 'Use the path of an existing file that you can read.',
  },
  OUTPUT_REFUSED: {
    meaning: 'A report cannot be written to the folder of the records.',
    action: 'Use another path.',
  },
  SETTINGS_INVALID: {
    meaning: 'The settings file of an agent cannot be edited.',
    action: 'Correct the file.',
  },
  HOOK_INPUT_INVALID: {
    meaning: 'A hook got something other than the JSON of its agent.',
    action: 'Let the agent call the hook.',
  },
  INTERNAL_ERROR: {
    meaning: 'This is a bug in the program.',
    action: 'Please report it, with the output of the same command with `--debug`.',
  },
} satisfies Readonly<Record<string, CodeInfo>>

const LATER = 'Nothing to do: it is retried when the next Op is closed.'
const FINISH = 'Finish or abort it.'

/** Every reason of a `deferred` commit result that these packages use. */
export const DEFERRED_REASONS = {
  'lock-timeout': {
    meaning: 'Another process held the commit lock of the work tree for too long.',
  },
  'record-changed': { meaning: 'Something else changed or removed the record.' },
  'other-strategy': { meaning: 'The Op was closed under another commit strategy.' },
  'detached-head': {
    meaning: 'HEAD is detached: the next checkout would remove a record committed there.',
  },
  'head-moved': {
    meaning: 'The branch moved, or was switched, while the Op was being committed.',
    action: LATER,
  },
  'git-unreachable': {
    meaning:
      'The `.git` file leads to no git directory, for example because it is not mounted here.',
    action:
      'Nothing to do: the next Op that finds it commits. If the folder was moved: `git worktree repair`.',
  },
  'git-read-only': {
    meaning: 'The git directory cannot be written, for example in a sandbox.',
    action: 'Nothing to do: the next Op that can write it commits.',
  },
  'index-locked': { meaning: 'Another git process holds the index.' },
  'ref-locked': { meaning: 'Another git process holds the branch.' },
  'commit-in-progress': {
    meaning:
      'A commit message is being written; moving the branch now would make that commit fail.',
    action: 'Finish that commit.',
  },
  'in-hook': {
    meaning: 'The close runs inside a git hook, which holds the index: `GIT_INDEX_FILE` is set.',
    action: `${LATER} Outside a hook, unset that variable.`,
  },
  'foreign-branch': {
    meaning: 'The branch belongs to another tool, such as GitButler, which rewrites it.',
  },
  rebase: { meaning: 'A rebase is in progress.', action: FINISH },
  am: { meaning: 'A `git am` is in progress.', action: FINISH },
  sequence: { meaning: 'A sequence of cherry-picks or reverts is in progress.', action: FINISH },
  bisect: { meaning: 'A bisection is in progress.', action: FINISH },
  ignored: {
    meaning: 'A rule of git ignores the record.',
    action: 'Remove or narrow the rule that the message names.',
  },
  'ledger-rewound': {
    meaning:
      'The ref of the ledger no longer contains what this clone added to it: it was moved back or removed.',
  },
  'objects-missing': { meaning: 'This clone does not have the objects that the commit needs.' },
} satisfies Readonly<Record<string, CodeInfo>>

/** Every reason why a sync left out a ledger, and what to do about it. */
export const SYNC_REASONS = {
  damaged: {
    meaning:
      'Fetching: git refuses what the server has, or it is not a ledger. Pushing: the ref of this clone is damaged.',
    action: 'Act on what git says. Let the doctor fix what is damaged here.',
  },
  rewritten: {
    meaning: 'What the server has no longer contains what this clone fetched. What is here stays.',
    action: 'Ask who writes it. After an erasure, delete the copy here, as docs/sync.md says.',
  },
  older: {
    meaning:
      'The server has less than this clone fetched from it, as after a backup was restored. This is not a failure.',
    action: 'Nothing to do: the clone that writes it publishes the rest.',
  },
  'broken-off': {
    meaning: 'The server ended the connection, or its disk is full.',
    action: 'Try again. If only one ref fails, it is damaged on the server.',
  },
  refused: {
    meaning: 'A rule or a hook of the server refuses a record. What came before it was pushed.',
    action:
      'Act on what the server says. To publish the rest, erase the record as docs/sync.md says.',
  },
  'refs-refused': {
    meaning: 'The server accepts no refs under refs/kitty.',
    action: 'Sync with another remote.',
  },
  'no-access': {
    meaning: 'The server does not let you push.',
    action: 'Ask for permission to push, or sync with another remote.',
  },
  moved: { meaning: 'Others kept changing the ref on the server.', action: 'Try again.' },
  rewound: {
    meaning: 'The ledger of this clone no longer contains what it had, so it is not pushed.',
    action: 'Find out why, and decide: `spec-kitty doctor ops --check ledger-rewound`',
  },
  'not-own': {
    meaning:
      'A ledger here does not belong to this clone, and the server has a different history of it.',
    action: 'Compare both, and delete the ref here if you do not need it.',
  },
} satisfies Readonly<Record<string, Required<CodeInfo>>>

/** Codes of your own errors: add each as a property, by merging a declaration of this interface. */
export interface OwnErrorCodes {
  readonly [unused: symbol]: never
}

/** A code of a `KittyError`: one of these packages, or one of {@link OwnErrorCodes}. */
export type KittyErrorCode = keyof typeof ERROR_CODES | (keyof OwnErrorCodes & string)
/** A reason of a `deferred` commit result of these packages. */
export type DeferredReason = keyof typeof DEFERRED_REASONS
/** A reason why a sync left out a ledger. */
export type SyncReason = keyof typeof SYNC_REASONS
