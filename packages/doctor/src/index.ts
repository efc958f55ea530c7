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
  type Progress,
  type VisitedRecord,
} from './check/check.js'
export type { GitVerb, NextStep, NextVerb, OwnVerb } from './check/next-step.js'
export type {
  AppliedFix,
  DoctorReport,
  Finding,
  FixOutcome,
  OpenOpReport,
  RestoredOp,
  RestoreReport,
  Severity,
  SkippedOp,
  Verification,
  WorkTreeRef,
} from './check/wire.js'
export { CHECKS } from './checks/registry.js'
export { allOpenOps, type OpenOp } from './facts/open-ops.js'
export { type RestoreOptions, restoreOps } from './restore/restore-ops.js'
export { type ArchiveOptions, archive } from './run/archive.js'
export { type DoctorOptions, doctorOps } from './run/doctor-ops.js'
export { type VerifyOptions, verify } from './verify/verify.js'
