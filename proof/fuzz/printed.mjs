// What must never be printed.

/** What a terminal obeys; not line feeds and tabs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be printed
export const OBEYED = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/
