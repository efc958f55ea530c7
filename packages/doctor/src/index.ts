export { type ArchiveOptions, archive } from './archive.js'
export type {
  Check,
  Examination,
  Finding,
  MendResult,
  Progress,
  Remedy,
  Severity,
} from './check.js'
export { CHECKS } from './checks/index.js'
export { chooseChecks } from './choose-checks.js'
export { type DoctorOptions, type DoctorReport, doctorOps } from './doctor-ops.js'
export { examine, isHealthy } from './examine.js'
export { eachRecord, type FoundRecord, findInRecords } from './facts/each-record.js'
export { headOf } from './facts/head.js'
export { type Mended, type MendOptions, mend } from './mend.js'
export type { LeftOp, RestoredOp } from './restore/bring-back.js'
export { type RestoreOptions, type RestoreReport, restoreOps } from './restore.js'
export { sharedFact } from './shared-fact.js'
export { type OpenOpReport, type Sweep, sweep } from './sweep.js'
export { type Verification, type VerifyOptions, verify } from './verify/verify.js'
