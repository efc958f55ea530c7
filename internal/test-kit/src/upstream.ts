import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { newOpId, type OpId, type Outcome, opIdTime } from '@kitty/record'
import { gitIn } from './run-git.js'

/** As Python's `json.dumps` writes it, with its default separators; the values of a record are texts, booleans and `null`. */
const pythonJson = (fields: Readonly<Record<string, string | boolean | null>>): string => {
  const pairs = Object.entries(fields).map(([name, value]) => {
    const json = JSON.stringify(value).replace(
      /[\u0080-\uffff]/g,
      (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    return `"${name}": ${json}`
  })
  return `{${pairs.join(', ')}}\n`
}

/** As Python's `isoformat` writes it: microseconds, and an offset. */
const pythonTime = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, -1)}123+00:00`

/** What a record of the Python spec-kitty says; each field has a default. */
export type UpstreamOp = {
  readonly id?: OpId
  readonly profile?: string
  readonly action?: string
  readonly request?: string
}

type KnownOp = Required<UpstreamOp>

const withDefaults = ({
  id = newOpId(),
  profile = 'python-pedro',
  action = 'implement',
  request = 'Fix the flaky test – today',
}: UpstreamOp): KnownOp => ({ id, profile, action, request })

const startedLine = ({ id, profile, action, request }: KnownOp): string =>
  pythonJson({
    event: 'started',
    invocation_id: id,
    profile_id: profile,
    action,
    request_text: request,
    actor: 'claude',
    mode_of_work: 'task_execution',
    governance_context_hash: '8c910c9d07500b7d',
    governance_context_available: true,
    started_at: pythonTime(opIdTime(id)),
  })

/** At once, so that no completion is in the future. */
const completedAt = (id: OpId): string => pythonTime(opIdTime(id))

type Ending = { readonly outcome?: Outcome; readonly evidence?: string }

const completedLine = (id: OpId, { outcome = 'done', evidence }: Ending): string =>
  pythonJson({
    event: 'completed',
    invocation_id: id,
    completed_at: completedAt(id),
    outcome,
    closed_by: 'agent',
    ...(evidence !== undefined && { evidence_ref: evidence }),
  })

const artifactLine = (id: OpId, ref: string): string =>
  pythonJson({
    event: 'artifact_link',
    invocation_id: id,
    at: completedAt(id),
    kind: 'artifact',
    ref,
  })

/** A row of `op-closures.jsonl`. */
export const upstreamClosure = (id: OpId): string =>
  pythonJson({
    event: 'completed',
    invocation_id: id,
    completed_at: completedAt(id),
    outcome: 'abandoned',
    closed_by: 'doctor_sweep',
    evidence_ref: null,
  })

/** A closed record as it was before version 2: the completion repeats the fields of the start, blank, and has no `closed_by`. */
export const upstreamLegacyRecord = (
  op: UpstreamOp & { readonly id: OpId },
  outcome: Outcome | null = 'done',
): string =>
  startedLine(withDefaults(op)) +
  pythonJson({
    event: 'completed',
    invocation_id: op.id,
    profile_id: op.profile ?? 'python-pedro',
    action: '',
    request_text: '',
    governance_context_hash: '',
    governance_context_available: true,
    actor: 'unknown',
    router_confidence: null,
    started_at: '',
    completed_at: completedAt(op.id),
    outcome,
    evidence_ref: null,
    mode_of_work: null,
    mission_id: null,
    wp_id: null,
  })

/** The same record after `upgrade`. */
export const upstreamMigratedRecord = (
  op: UpstreamOp & { readonly id: OpId },
  outcome: Outcome = 'done',
): string => startedLine(withDefaults(op)) + completedLine(op.id, { outcome })

const recordPath = (id: OpId): string => `kitty-ops/${id}.jsonl`

/** What the Python spec-kitty does to a project, as other programs see it: its files and its commits. */
export type Upstream = {
  /** Opens an Op: a record, and a row in the index. Commits nothing. */
  open(op?: UpstreamOp): Promise<OpId>
  /** Closes an Op with a link after the completion, and commits it without trailers. */
  complete(id: OpId, ending?: Ending): Promise<void>
  /** Opens and closes an Op. */
  run(op?: UpstreamOp, ending?: Ending): Promise<OpId>
  /** Closes Ops whose open records are committed, in `op-closures.jsonl`, and commits that file. */
  sweep(...ids: readonly OpId[]): Promise<void>
  /** Writes files, by path, and commits them and the removal of those that are `undefined`. */
  commitFiles(message: string, files: Readonly<Record<string, string | undefined>>): Promise<void>
}

const append = async (root: string, path: string, text: string): Promise<void> => {
  const file = join(root, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text, { flag: 'a' })
}

const commitPaths = async (
  root: string,
  message: string,
  paths: readonly string[],
): Promise<void> => {
  await gitIn(root, ['add', '--force', '--all', '--', ...paths])
  await gitIn(root, ['commit', '--quiet', '--no-verify', '-m', message, '--', ...paths])
}

const open = async (root: string, op: UpstreamOp = {}): Promise<OpId> => {
  const known = withDefaults(op)
  const { id, profile } = known
  await append(root, recordPath(id), startedLine(known))
  const row = { invocation_id: id, profile_id: profile, started_at: pythonTime(opIdTime(id)) }
  await append(root, 'kitty-ops/ops-index.jsonl', pythonJson(row))
  return id
}

const complete = async (root: string, id: OpId, ending: Ending = {}): Promise<void> => {
  const path = recordPath(id)
  await append(root, path, completedLine(id, ending) + artifactLine(id, 'README.md'))
  const [first = ''] = (await readFile(join(root, path), 'utf8')).split('\n', 1)
  const { profile_id, action }: { profile_id: string; action: string } = JSON.parse(first)
  await commitPaths(root, `op(${profile_id}): ${action} [${id.slice(0, 8)}]`, [path])
}

const sweep = async (root: string, ids: readonly OpId[]): Promise<void> => {
  const path = 'kitty-ops/op-closures.jsonl'
  for (const id of ids) {
    await append(root, path, upstreamClosure(id))
    const subject = `op(python-pedro): implement [${id.slice(0, 8)}] (doctor sweep)`
    await commitPaths(root, subject, [path])
  }
}

const commitFiles = async (
  root: string,
  message: string,
  files: Readonly<Record<string, string | undefined>>,
): Promise<void> => {
  for (const [path, text] of Object.entries(files)) {
    await rm(join(root, path), { force: true })
    if (text !== undefined) await append(root, path, text)
  }
  await commitPaths(root, message, Object.keys(files))
}

/** Lays out a project of the Python spec-kitty, as far as other programs see it, in a repository. */
export const upstreamAt = async (root: string): Promise<Upstream> => {
  await commitFiles(root, 'Set up spec-kitty', {
    // Its `init` has git ignore the index.
    '.gitignore': 'kitty-ops/ops-index.jsonl\n',
    '.kittify/config.yaml': 'agents:\n  available: [claude]\n',
  })
  return {
    open: (op) => open(root, op),
    complete: (id, ending) => complete(root, id, ending),
    run: async (op, ending) => {
      const id = await open(root, op)
      await complete(root, id, ending)
      return id
    },
    sweep: (...ids) => sweep(root, ids),
    commitFiles: (message, files) => commitFiles(root, message, files),
  }
}
