// Property tests try fewer cases, since each of a thousand mutants runs them.
import fc from 'fast-check'

fc.configureGlobal({ numRuns: 20 })
