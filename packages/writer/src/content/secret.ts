/** The range of a secret in a text, in UTF-16 code units, and its kind. */
export type Secret = { readonly from: number; readonly to: number; readonly kind: string }

/** Sorts secrets by their place, and joins those that overlap. */
export const inOrder = (secrets: readonly Secret[]): readonly Secret[] => {
  const disjoint: Secret[] = []
  for (const secret of secrets.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    const last = disjoint.at(-1)
    if (last === undefined || secret.from >= last.to) disjoint.push(secret)
    else disjoint.splice(-1, 1, { ...last, to: Math.max(last.to, secret.to) })
  }
  return disjoint
}
