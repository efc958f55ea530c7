export {
  type Check,
  type CheckContext,
  collect,
  defineCheck,
  defineFact,
  type Fact,
  type Facts,
  type Finding,
  type Fix,
  type FixOutcome,
  type Needs,
  type Progress,
  type Severity,
  type VisitedRecord,
} from './check/check.js'
export type { GitVerb, NextStep, NextVerb, OwnVerb } from './check/next-step.js'
export { CHECKS } from './checks/registry.js'
export { type OpenOp, openOps } from './facts/open-ops.js'
export { type RestoreOptions, type RestoreReport, restoreOps } from './restore/restore-ops.js'
export type { RestoredOp, SkippedOp } from './restore/restore-record.js'
export type { AppliedFix } from './run/apply-fixes.js'
export { type ArchiveOptions, archive } from './run/archive.js'
export type { OpenOpReport } from './run/close-stale.js'
export { type DoctorOptions, type DoctorReport, doctorOps } from './run/doctor-ops.js'
export { type Verification, type VerifyOptions, verify } from './verify/verify.js'
