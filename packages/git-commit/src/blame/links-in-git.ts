// Finds the links of records in HEAD and in ledgers, without reading the records: git searches their lines.

import { basename } from 'node:path/posix'
import type { OpId } from '@kitty/record'
import { findWorkTree, OPS_DIR, opIdOfName, prefixOf } from '@kitty/writer/internals'
import { type GitOutcome, runGit } from '../git/run-git.js'
import { listLedgers } from '../inspect/ledgers.js'
import { opOfLedgerPath } from '../ledger/layout.js'

/** A link of an Op to a commit; the id of the commit can be cut to a prefix. */
export type LinkInGit = { readonly id: OpId; readonly sha: string }

/** The links of records in git, and the Ops whose records HEAD has. */
export type LinksInGit = {
  readonly links: readonly LinkInGit[]
  readonly inHead: ReadonlySet<OpId>
  /** Ledgers that could not be searched completely. */
  readonly broken: readonly string[]
}

// Whatever the user has set for `git grep`.
const PLAIN = ['--no-color', '--no-line-number', '--no-column', '--no-recurse-submodules']
const GREP = ['grep', '-z', '-a', '-F', '--full-name', ...PLAIN, '-e', '"commit_link"']

const SHA = /^[0-9a-f]{7,64}$/

/** Reads a line of a record. Everything but a link is `undefined`, such as a request that quotes one. */
const shaIn = (line: string, id: OpId): string | undefined => {
  try {
    const event: unknown = JSON.parse(line)
    if (typeof event !== 'object' || event === null) return undefined
    const fields: Readonly<Record<string, unknown>> = { ...event }
    const { sha } = fields
    if (fields.event !== 'commit_link' || fields.invocation_id !== id) return undefined
    return typeof sha === 'string' && SHA.test(sha.toLowerCase()) ? sha.toLowerCase() : undefined
  } catch {
    return undefined
  }
}

/** A line as this software writes it. Others are parsed, which takes longer. */
const AS_WRITTEN =
  /^\{"event":"commit_link","invocation_id":"([0-9A-Z]{26})","at":"[^"\\]{1,40}","sha":"([0-9a-f]{7,64})"\}$/

/**
 * Parses lines `<tree>:<path>\0<line>`. The path of a record has no line feed. `idOf` returns the Op of a path that
 * counts.
 */
const linksIn = (output: Buffer, idOf: (path: string) => OpId | undefined): LinkInGit[] => {
  const text = output.toString('latin1')
  const found: LinkInGit[] = []
  for (let at = 0, end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
    const name = text.indexOf('\0', at)
    const id =
      name < 0 || name > end ? undefined : idOf(text.slice(text.indexOf(':', at) + 1, name))
    if (id !== undefined) {
      const line = text.slice(name + 1, end)
      const [, named, written] = AS_WRITTEN.exec(line) ?? []
      const sha = named === id ? written : shaIn(line, id)
      if (sha !== undefined) found.push({ id, sha })
    }
    at = end + 1
  }
  return found
}

/** `grep` exits with 1 if there is no such line. One that was killed, with -1, searched only a part. */
const isSearched = ({ exitCode }: GitOutcome): boolean => exitCode === 0 || exitCode === 1

/** `grep` goes on after a file that it cannot read, with a complaint. */
const isComplete = (outcome: GitOutcome): boolean =>
  isSearched(outcome) && !/^error: /m.test(outcome.stderr)

const opOfRecordPath = (path: string): OpId | undefined => opIdOfName(basename(path))

const inHead = async (top: string, folder: string) => {
  const list = ['ls-tree', '-r', '-z', '--name-only', 'HEAD', '--', `${folder}/`]
  const [found, listed] = await Promise.all([
    runGit(top, [...GREP, 'HEAD', '--', `${folder}/`]),
    runGit(top, list),
  ])
  // Without a commit, or if git was killed, the disk and the ledgers are what is left.
  if (!isSearched(found) || !listed.ok) return { links: [], ids: new Set<OpId>() }
  const ids = new Set(
    listed.stdout
      .toString()
      .split('\0')
      .flatMap((path) => opOfRecordPath(path) ?? []),
  )
  return { links: linksIn(found.stdout, opOfRecordPath), ids }
}

/** As many ledgers are searched by one git. */
const BATCH = 200

const SUFFIX = '.jsonl'.length
const NAME = 26 + SUFFIX

const isIn = (ids: ReadonlySet<string>, id: string): boolean => ids.has(id)

const inLedgers = async (root: string, top: string, searched: ReturnType<typeof inHead>) => {
  const ledgers = await listLedgers(root)
  const broken = ledgers.flatMap(({ ref, tip }) => (tip === '' ? [ref] : []))
  const sound = ledgers.filter(({ tip }) => tip !== '')
  const links: LinkInGit[] = []
  const search = async (some: typeof sound): Promise<void> => {
    if (some.length === 0) return
    const found = await runGit(top, [...GREP, ...some.map(({ tip }) => tip), '--'])
    const { ids: known } = await searched
    // The version in HEAD counts, and most Ops are there too.
    const idOf = (path: string): OpId | undefined => {
      return isIn(known, path.slice(-NAME, -SUFFIX)) ? undefined : opOfLedgerPath(path)
    }
    const isAlone = some.length === 1
    if (!isComplete(found)) {
      if (isAlone) broken.push(...some.map(({ ref }) => ref))
      else for (const one of some) await search([one])
    }
    if (isComplete(found) || (isAlone && isSearched(found))) {
      for (const link of linksIn(found.stdout, idOf)) links.push(link)
    }
  }
  for (let at = 0; at < sound.length; at += BATCH) await search(sound.slice(at, at + BATCH))
  return { links, broken }
}

/**
 * Finds the links of the records in HEAD, hot and archived, and in all ledgers. Fetches nothing.
 *
 * @throws KittyError `GIT_FAILED` if git cannot list the ledgers, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const linksInGit = async (root: string): Promise<LinksInGit> => {
  const tree = await findWorkTree(root)
  if (tree === undefined) return { links: [], inHead: new Set(), broken: [] }
  const prefix = prefixOf(root, tree)
  const folder = prefix === '' ? OPS_DIR : `${prefix}/${OPS_DIR}`
  const searched = inHead(tree.top, folder)
  const [head, ledgers] = await Promise.all([searched, inLedgers(root, tree.top, searched)])
  const { broken } = ledgers
  return { links: [...head.links, ...ledgers.links], inHead: head.ids, broken }
}
