import { type Verification, verify } from '../../src/index.js'

/** Verifies the branch of a repository without a ledger; leaves out the note that says so. */
export const verifyBranch = async (
  options: Parameters<typeof verify>[0],
): Promise<Verification> => {
  const verified = await verify(options)
  return { ...verified, notes: verified.notes.filter(({ id }) => id !== 'no-ledger') }
}
