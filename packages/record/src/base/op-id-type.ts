declare const brand: unique symbol

/**
 * The id of an Op: a ULID in upper case, 26 characters of Crockford's base 32. Text becomes one through
 * `parseOpId` or `isOpId`.
 */
export type OpId = string & { readonly [brand]: true }
