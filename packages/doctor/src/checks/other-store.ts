import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { rootsInHead } from '@kitty/git-commit/inspect'
import { findWorkTree } from '@kitty/writer/internals'
import type { Check, CheckContext, Finding } from '../check/check.js'
import { listNames } from '../check/wording.js'
import { headOf } from '../facts/head.js'

const nameIn = (top: string, root: string): string =>
  relative(top, root).replaceAll('\\', '/') || 'the top folder'

const run = async (context: CheckContext): Promise<readonly Finding[]> => {
  const { root } = context.ops
  const tree = await findWorkTree(root)
  if (tree === undefined) return []
  // If git cannot read HEAD, all that need it fail with one error.
  await headOf(context)
  const others = (await rootsInHead(root)).filter((each) => each !== root && existsSync(each))
  if (others.length === 0) return []
  const names = listNames(others.map((each) => nameIn(tree.top, each)))
  const message =
    others.length === 1
      ? `This repository has another store, which was not checked: ${names}.`
      : `This repository has ${others.length} other stores, which were not checked: ${names}.`
  const next = others.map((path) => ({ verb: 'doctor-there', path }) as const)
  return [{ id: otherStore.id, severity: 'info', message, fixable: false, next }]
}

/** Other stores of this work tree: each has a doctor of its own. */
export const otherStore: Check = { id: 'other-store', run }
