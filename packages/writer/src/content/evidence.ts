import { KittyError, modeOfWork, type StartedEvent } from '@kitty/record'
import type { Durability } from '../fs/durability.js'
import { replaceFile } from '../fs/durable-file.js'
import { ensureFolder } from '../fs/folder.js'
import { readRegular } from '../fs/regular-file.js'
import { evidenceFolder, toAbsolute } from '../project/paths.js'
import { decodeEvidence, type EvidenceFile, readEvidence } from './evidence-file.js'
import { hasSecrets } from './redact.js'
import { isUrl } from './reference.js'

/** Evidence in its place. */
export type PromotedEvidence = {
  /** For the `completed` event: a path relative to the root with `/`, or a URL. */
  readonly evidence_ref: string
  /** What belongs to the commit, relative to the root; nothing for a URL. */
  readonly paths: readonly string[]
}

const checkMode = (started: StartedEvent): void => {
  const mode = modeOfWork(started)
  if (mode !== 'advisory' && mode !== 'query' && mode !== 'undetermined') return
  throw new KittyError('EVIDENCE_NOT_ALLOWED', `An Op of mode "${mode}" takes no evidence.`, {
    hint: 'The Op is still open. Close it without evidence.',
  })
}

const checkUrl = (url: string): void => {
  if (URL.canParse(url)) return
  throw new KittyError('EVIDENCE_INVALID', `Not a URL: ${JSON.stringify(url)}`, {
    hint: 'Give a path below the project root, or a whole URL.',
  })
}

const holdsSecret = (): KittyError =>
  new KittyError('EVIDENCE_SECRETS', 'The evidence or a reference seems to hold a secret.', {
    hint: 'What is committed stays for ever. Take the secret out, or use --no-redact if it is none.',
  })

/** Throws `EVIDENCE_SECRETS` for a text in which the detector finds a secret. */
export const refuseSecrets = async (text: string): Promise<void> => {
  if (await hasSecrets(text)) throw holdsSecret()
}

// A token may stand where the user's name does; `ssh://git@host` is what everybody has.
const hasCredentials = ({ protocol, username, password }: URL): boolean =>
  password !== '' || (username !== '' && /^https?:$/.test(protocol))

/** Throws `EVIDENCE_SECRETS` for a URL that somebody could log in with. */
export const refuseCredentials = (reference: string): void => {
  if (URL.canParse(reference) && hasCredentials(new URL(reference))) throw holdsSecret()
}

/** What may be the evidence of an Op: a URL, or a file as it was when it was looked at. */
export type CheckedEvidence = string | EvidenceFile

/**
 * Reads what is to be the evidence of an Op, once, so that what is looked at is what is kept; writes nothing.
 * `lookForSecrets` false lets secrets pass. Throws `EVIDENCE_NOT_ALLOWED`, `EVIDENCE_SECRETS`, and what
 * `readEvidence` throws.
 */
export const checkEvidence = async (
  root: string,
  started: StartedEvent,
  reference: string,
  lookForSecrets: boolean,
): Promise<CheckedEvidence> => {
  checkMode(started)
  if (isUrl(reference)) checkUrl(reference)
  const evidence = isUrl(reference) ? reference : await readEvidence(root, reference)
  if (!lookForSecrets) return evidence
  refuseCredentials(reference)
  const text = typeof evidence === 'string' ? evidence : decodeEvidence(evidence.bytes)
  if (text !== undefined) await refuseSecrets(text)
  return evidence
}

/**
 * Copies evidence to the folder of its Op and says where it is; a URL needs no copy. Safe to repeat: a
 * close that failed may come again, with the same file or a better one. Throws `SYMLINK_REFUSED`, and
 * what writing throws.
 */
export const promoteEvidence = async (
  root: string,
  id: string,
  evidence: CheckedEvidence,
  durability: Durability,
): Promise<PromotedEvidence> => {
  if (typeof evidence === 'string') return { evidence_ref: evidence, paths: [] }
  const { name, bytes } = evidence
  const folder = evidenceFolder(id)
  await ensureFolder(root, folder, durability)
  const path = `${folder}/${name}`
  const present = await readRegular(toAbsolute(root, path))
  if (present?.equals(bytes) !== true) await replaceFile(toAbsolute(root, path), bytes, durability)
  return { evidence_ref: path, paths: [path] }
}
