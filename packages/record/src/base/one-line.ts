// Control characters and line separators would end the line; text direction controls would reorder it on screen;
// half of a surrogate pair cannot be written as UTF-8.
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu
const HALVES = /\p{Cs}/gu

/** Turns text into one line that is unchanged by a round trip through UTF-8. */
export const oneLine = (text: string): string => text.replace(BREAKS, ' ').replace(HALVES, '\ufffd')
