// Controls and line separators would end the line; direction overrides would reorder it on screen;
// half a surrogate pair cannot be written as UTF-8.
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu
const HALVES = /\p{Cs}/gu

/** Text from a record as one line that is the same after a trip through UTF-8. */
export const oneLine = (text: string): string => text.replace(BREAKS, ' ').replace(HALVES, '\ufffd')
