import {
  type CompletedEvent,
  type OpRecord,
  parseOpId,
  parseOpRecord,
  type StartedEvent,
} from '../../src/index.js'

export const ID = parseOpId('01KTK4DFAS04MCX5GP1W2R6NEP')
export const OTHER_ID = parseOpId('01KTK513R0292M9ER0F41CRFKQ')

export const started: StartedEvent = {
  event: 'started',
  invocation_id: ID,
  profile_id: 'debugger-debbie',
  action: 'investigate',
  request_text: 'Why does the build fail?',
  actor: 'claude',
  mode_of_work: 'task_execution',
  governance_context_hash: '',
  governance_context_available: false,
  started_at: '2026-06-08T08:08:36.010Z',
}

export const completed: CompletedEvent = {
  event: 'completed',
  invocation_id: ID,
  completed_at: '2026-06-08T08:09:36.010Z',
  outcome: 'done',
  closed_by: 'agent',
}

/** One line with these fields, whether or not they are an event. */
export const lineOf = (fields: object): string => `${JSON.stringify(fields)}\n`

export const textOf = (...events: readonly object[]): string => events.map(lineOf).join('')

export const recordOf = (...events: readonly object[]): OpRecord => parseOpRecord(textOf(...events))

export const codesOf = (record: OpRecord): string[] => record.problems.map(({ code }) => code)

export const isDeeplyFrozen = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen))
