export type {
  Check,
  CheckContext,
  Finding,
  Fix,
  FixOutcome,
  Progress,
  Severity,
  VisitedRecord,
} from './check/check.js'
export { memoized } from './check/memo.js'
export type { GitVerb, NextStep, NextVerb, OwnVerb } from './check/next-step.js'
export { CHECKS } from './checks/registry.js'
export { headOf } from './facts/head.js'
export { findingsInRecords, type RecordVisitor, visitRecords } from './facts/record-pass.js'
export { type RestoreOptions, type RestoreReport, restoreOps } from './restore/restore-ops.js'
export type { RestoredOp, SkippedOp } from './restore/restore-record.js'
export { type AppliedFix, applyFixes, type FixOptions } from './run/apply-fixes.js'
export { type ArchiveOptions, archive } from './run/archive.js'
export { closeStaleOps, type OpenOpReport, type StaleReport } from './run/close-stale.js'
export { type DoctorOptions, type DoctorReport, doctorOps } from './run/doctor-ops.js'
export { isHealthy, runChecks } from './run/run-checks.js'
export { selectChecks } from './run/select-checks.js'
export { type Verification, type VerifyOptions, verify } from './verify/verify.js'
