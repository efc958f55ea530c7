import { join } from 'node:path'
import { type Repository, tempFolder } from '@kitty/test-kit'

/** A file of a ledger, by its text; or an entry of any kind, by its mode and the id of its object. */
export type LedgerFile =
  | { readonly path: string; readonly text: string }
  | { readonly path: string; readonly mode: string; readonly id: string }

/** Runs git with an input; returns what it prints. Throws if it fails. */
export const withInput = async (
  repository: Repository,
  input: string,
  ...args: readonly string[]
): Promise<string> => {
  const { exitCode, stdout, stderr } = await repository.gitWith({ input }, ...args)
  if (exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
  return stdout
}

export const blobOf = (repository: Repository, text: string): Promise<string> =>
  withInput(repository, text, 'hash-object', '-w', '--stdin')

/** Writes a tree with these files, with git alone. Returns its id. */
const treeOf = async (repository: Repository, files: readonly LedgerFile[]): Promise<string> => {
  const env = { GIT_INDEX_FILE: join(await tempFolder(), 'index') }
  const entries: string[] = []
  for (const file of files) {
    const { mode, id } =
      'text' in file ? { mode: '100644', id: await blobOf(repository, file.text) } : file
    entries.push(`${mode} ${id}\t${file.path}\0`)
  }
  const input = entries.join('')
  await repository.gitWith({ env, input }, 'update-index', '-z', '--index-info')
  return (await repository.gitWith({ env }, 'write-tree', '--missing-ok')).stdout
}

/** Moves a ledger's ref to a new commit with exactly these files. Returns the commit. */
export const writeLedger = async (
  repository: Repository,
  ref: string,
  files: readonly LedgerFile[],
  parent?: string,
): Promise<string> => {
  const tree = await treeOf(repository, files)
  const more = parent === undefined ? [] : ['-p', parent]
  const commit = await repository.git('commit-tree', tree, ...more, '-m', 'ledger: add 1 Op')
  await repository.git('update-ref', ref, commit)
  return commit
}
