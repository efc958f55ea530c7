// How a JSON object begins in base64url: `{"`.
const OBJECT = 'eyJ'

// The shortest header is `{"alg":"…"}`.
const SHORTEST_HEADER = 16

// A start that is not inside a run keeps this linear. A run can begin with a dot: `...eyJ`.
const DOTTED = /(?<![\w.-])[\w-]*(?:\.[\w-]*){2,}/g

/** The header in a segment, and where it starts; other text can be directly before it. */
const headerIn = (segment: string): { readonly at: number; readonly parts: number } | undefined => {
  const at = segment.indexOf(OBJECT)
  if (at === -1 || segment.length - at < SHORTEST_HEADER) return undefined
  const json = Buffer.from(segment.slice(at), 'base64url').toString('latin1')
  if (!json.includes('"alg"')) return undefined
  return { at, parts: json.includes('"enc"') ? 5 : 3 }
}

/**
 * Yields the ranges of the JSON Web Tokens in a text, signed (RFC 7515) or encrypted (RFC 7516). A token has 3 or
 * 5 segments, and its header names an algorithm, so names with dots are not taken for one.
 */
export function* jsonWebTokens(text: string): Generator<readonly [from: number, to: number]> {
  if (!text.includes(OBJECT)) return
  for (const { 0: run, index } of text.matchAll(DOTTED)) {
    if (!run.includes(OBJECT)) continue
    const segments = run.split('.')
    let from = index
    let end = 0
    for (const [number, segment] of segments.entries()) {
      const header = number < end ? undefined : headerIn(segment)
      if (header !== undefined && number + header.parts <= segments.length) {
        end = number + header.parts
        const token = segments.slice(number, end).join('.')
        yield [from + header.at, from + token.length]
      }
      from += segment.length + 1
    }
  }
}
