import type { CommitResult } from '@kitty/writer'

/** Tells the result that ends a step early from what the step gives otherwise. */
export const isResult = (value: object): value is CommitResult => 'status' in value

/** The same result for each of `count` requests. */
export const forAll = (count: number, result: CommitResult): CommitResult[] =>
  Array.from({ length: count }, () => result)
