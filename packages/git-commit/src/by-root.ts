import type { CommitRequest, CommitResult } from '@kitty/writer'

type CommitInRoot = (
  root: string,
  requests: readonly CommitRequest[],
) => Promise<readonly CommitResult[]>

/** An Op is known by its record, whatever else travels with it. */
const keyOf = ({ kind, root, write, remove }: CommitRequest): string =>
  JSON.stringify(kind === 'op' ? [root, write[0]] : [root, write, remove])

/** Hands requests on by project root, the same Op only once, and puts the answers in order again. */
export const byRoot = async (
  requests: readonly CommitRequest[],
  commit: CommitInRoot,
): Promise<readonly CommitResult[]> => {
  const answers = new Map<string, CommitResult>()
  for (const root of new Set(requests.map((request) => request.root))) {
    const inRoot = requests.filter((request) => request.root === root)
    const distinct = new Map(inRoot.map((request) => [keyOf(request), request]))
    const results = await commit(root, [...distinct.values()])
    for (const [position, key] of [...distinct.keys()].entries()) {
      const result = results[position]
      if (result !== undefined) answers.set(key, result)
    }
  }
  return requests.flatMap((request) => answers.get(keyOf(request)) ?? [])
}
