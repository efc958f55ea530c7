/**
 * Finds and fixes what is wrong with the Ops of a project, restores missing records, and verifies a history.
 *
 * @packageDocumentation
 */
export {
  type Check,
  type CheckContext,
  collect,
  defineCheck,
  defineFact,
  type Fact,
  type Facts,
  type Fix,
  type Needs,
  type VisitedRecord,
} from './check/check.js'
export type { NextStep } from './check/next-step.js'
export type {
  DoctorReport,
  Finding,
  FixOutcome,
  RestoreReport,
  Verification,
} from './check/wire.js'
export { restoreOps } from './restore/restore-ops.js'
export { type DoctorOptions, doctorOps } from './run/doctor-ops.js'
export { verify } from './verify/verify.js'
