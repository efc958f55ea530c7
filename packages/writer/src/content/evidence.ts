import { KittyError, modeOfWork, type OpId, type StartedEvent } from '@kitty/record'
import type { Durability } from '../fs/durability.js'
import { replaceFile } from '../fs/durable-file.js'
import { ensureFolder, refuseNestedRepository } from '../fs/folder.js'
import { readRegular } from '../fs/regular-file.js'
import { evidenceFolder, toAbsolute } from '../project/paths.js'
import {
  decodeEvidence,
  type EvidenceFile,
  type GivenEvidence,
  readEvidence,
} from './evidence-file.js'
import { type SecretPlace, secretPlacesIn } from './redact.js'
import { isUrl } from './reference.js'

/** Evidence after it was copied to its Op's folder. */
export type PromotedEvidence = {
  /** For the `completed` event: a path relative to the root with `/`, or a URL. */
  readonly evidence_ref: string
  /** The files to commit, relative to the root; none for a URL. */
  readonly paths: readonly string[]
}

const checkMode = (started: StartedEvent): void => {
  const mode = modeOfWork(started)
  if (mode !== 'advisory' && mode !== 'query' && mode !== 'undetermined') return
  throw new KittyError('EVIDENCE_NOT_ALLOWED', `An Op of mode "${mode}" cannot have evidence.`, {
    hint: 'Close the Op without evidence. It is still open.',
  })
}

const checkUrl = (url: string): void => {
  if (URL.canParse(url)) return
  throw new KittyError('EVIDENCE_INVALID', `Not a URL: ${JSON.stringify(url)}`, {
    hint: 'Use a path below the project root or a complete URL.',
  })
}

const secretFound = (what: string): KittyError =>
  new KittyError('EVIDENCE_SECRETS', what, {
    hint: 'Remove the secret, since a commit is permanent; or set `redact` to false if it is not a secret.',
  })

// How many secrets a message names.
const NAMED = 5

const placesText = (places: readonly SecretPlace[]): string => {
  const named = places.slice(0, NAMED).map(({ kind, line }) => `${kind} on line ${line}`)
  const more = places.length - named.length
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join(', ')
}

const kindsText = (places: readonly SecretPlace[]): string =>
  [...new Set(places.map(({ kind }) => kind))].slice(0, NAMED).join(', ')

/** Throws `EVIDENCE_SECRETS` with the kinds if a short text, such as a link, contains a secret. */
export const refuseSecretsIn = async (
  what: string,
  text: string,
  patterns: readonly RegExp[],
): Promise<void> => {
  const places = await secretPlacesIn(text, patterns)
  if (places.length === 0) return
  throw secretFound(`${what} seems to contain a secret: ${kindsText(places)}.`)
}

const refuseSecretsInFile = async (
  { bytes }: EvidenceFile,
  patterns: readonly RegExp[],
): Promise<void> => {
  const text = decodeEvidence(bytes)
  if (text === undefined) return
  const places = await secretPlacesIn(text, patterns)
  if (places.length === 0) return
  const what = places.length === 1 ? 'a secret' : `${places.length} secrets`
  throw secretFound(`The evidence seems to contain ${what}: ${placesText(places)}.`)
}

// A user name in an HTTP URL may be a token; the one in `ssh://git@host` is not a secret.
const hasCredentials = ({ protocol, username, password }: URL): boolean =>
  password !== '' || (username !== '' && /^https?:$/.test(protocol))

/** Throws `EVIDENCE_SECRETS` for a URL that contains credentials. */
export const refuseCredentials = (what: string, reference: string): void => {
  if (!URL.canParse(reference) || !hasCredentials(new URL(reference))) return
  throw secretFound(`${what} seems to contain a secret: basic-auth.`)
}

/** Evidence that passed the checks: a URL, or a file with the bytes that were checked. */
export type CheckedEvidence = string | EvidenceFile

/**
 * Checks the evidence of an Op; writes nothing. Reads a file only once, so that the bytes that were checked are
 * the bytes that are kept. With `lookForSecrets` false, secrets are allowed; otherwise `patterns` are searched for too.
 * Throws `EVIDENCE_NOT_ALLOWED`, `EVIDENCE_INVALID`, `EVIDENCE_SECRETS`, `REDACT_PATTERN_SLOW`, and what `readEvidence`
 * throws.
 */
export const checkEvidence = async (
  root: string,
  started: StartedEvent,
  given: GivenEvidence,
  lookForSecrets: boolean,
  patterns: readonly RegExp[] = [],
): Promise<CheckedEvidence> => {
  checkMode(started)
  const isLink = typeof given === 'string' && isUrl(given)
  if (isLink) checkUrl(given)
  const evidence = isLink ? given : await readEvidence(root, given)
  if (!lookForSecrets) return evidence
  if (typeof evidence === 'string') {
    refuseCredentials('The URL of the evidence', evidence)
    await refuseSecretsIn('The URL of the evidence', evidence, patterns)
    return evidence
  }
  await refuseSecretsIn('The name of the evidence', evidence.name, patterns)
  await refuseSecretsInFile(evidence, patterns)
  return evidence
}

/**
 * Copies evidence to its Op's folder and returns its place; a URL is not copied. Safe to repeat: after a failed
 * close, the next one may use the same file or another. Throws `SYMLINK_REFUSED`, and what writing throws.
 */
export const promoteEvidence = async (
  root: string,
  id: OpId,
  evidence: CheckedEvidence,
  durability: Durability,
): Promise<PromotedEvidence> => {
  if (typeof evidence === 'string') return { evidence_ref: evidence, paths: [] }
  const { name, bytes } = evidence
  const folder = evidenceFolder(id)
  refuseNestedRepository(root, folder)
  await ensureFolder(root, folder, durability)
  const path = `${folder}/${name}`
  const present = await readRegular(toAbsolute(root, path))
  if (present?.equals(bytes) !== true) await replaceFile(toAbsolute(root, path), bytes, durability)
  return { evidence_ref: path, paths: [path] }
}
