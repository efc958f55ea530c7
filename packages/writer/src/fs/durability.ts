/**
 * What a finished write survives: with `power` a power loss (file and folder are fsynced), with `process`
 * only the death of the process.
 */
export type Durability = 'power' | 'process'
