import type { OpFile } from './record-file.js'

/**
 * A second place for records that the disk has not, as a sparse checkout leaves it: only git knows of them, and
 * the writer never asks git.
 *
 * An implementation guarantees: it gives each record once, whole, under the path where it would lie; one that
 * is on disk too is harmless, since the disk counts; it throws nothing that a list should fail for.
 */
export interface RecordSource {
  records(): Promise<readonly OpFile[]>
}

const idOf = ({ record }: OpFile): string => record.invocation_id ?? ''

/** Records from the disk and from elsewhere, newest first; the disk's come in that order already. */
export async function* withElsewhere(
  onDisk: AsyncIterable<OpFile>,
  elsewhere: RecordSource | undefined,
): AsyncGenerator<OpFile> {
  const others = [...((await elsewhere?.records()) ?? [])]
  // The newest last, from where they are taken.
  others.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
  for await (const file of onDisk) {
    for (let next = others.at(-1); next && idOf(next) >= idOf(file); next = others.at(-1)) {
      others.pop()
      if (idOf(next) !== idOf(file)) yield next
    }
    yield file
  }
  yield* others.toReversed()
}
