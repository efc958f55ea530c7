import {
  type CompletedEvent,
  formatLine,
  formatTimestamp,
  newOpId,
  type OpEvent,
  type OpId,
  opIdTime,
  type StartedEvent,
} from '@kitty/record'

export type RecordDetails = {
  /** Default: a new id. The times are derived from it. */
  readonly id?: OpId
  /** Fields of the `started` line that differ from the defaults. */
  readonly started?: Partial<StartedEvent>
  /** Fields of the `completed` line that differ from the defaults. */
  readonly completed?: Partial<CompletedEvent>
  /** Events between the two lines. */
  readonly between?: readonly OpEvent[]
}

const startedLine = (id: OpId, fields: Partial<StartedEvent> = {}): string =>
  formatLine({
    event: 'started',
    invocation_id: id,
    profile_id: 'debugger-debbie',
    action: 'investigate',
    request_text: 'Why does the build fail?',
    actor: 'claude',
    mode_of_work: 'task_execution',
    governance_context_hash: '',
    governance_context_available: false,
    started_at: formatTimestamp(opIdTime(id)),
    ...fields,
  })

const completedLine = (id: OpId, fields: Partial<CompletedEvent> = {}): string =>
  formatLine({
    event: 'completed',
    invocation_id: id,
    completed_at: formatTimestamp(opIdTime(id) + 60_000),
    outcome: 'done',
    closed_by: 'agent',
    ...fields,
  })

/** Returns the record of an open Op, as this software writes it. */
export const openRecordText = ({
  id = newOpId(),
  started,
  between = [],
}: Omit<RecordDetails, 'completed'> = {}): string =>
  startedLine(id, started) + between.map(formatLine).join('')

/** Returns the record of a closed Op, as this software writes it. Default: done, after a minute. */
export const closedRecordText = ({ id = newOpId(), ...details }: RecordDetails = {}): string =>
  openRecordText({ id, ...details }) + completedLine(id, details.completed)
