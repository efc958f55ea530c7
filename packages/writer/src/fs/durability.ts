/**
 * What a finished write survives: `power` means a power loss (file and folder are fsynced), `process`
 * means the death of the process alone.
 */
export type Durability = 'power' | 'process'
