/** A commit that git blames for lines of a file. */
export type BlamedCommit = {
  readonly sha: string
  /** The path of the file in that commit, relative to the top, with `/`. */
  readonly path: string
  /** The lines of the file today, each as first and last, in order. */
  readonly lines: readonly (readonly [first: number, last: number])[]
  readonly subject: string
  readonly author: string
  /** When it was written, in milliseconds since 1970. */
  readonly at: number
  /** When it was committed, in milliseconds since 1970: a rewritten commit, when it was rewritten. */
  readonly committedAt: number
  /** Whether git looked no further: it is a root commit, or the end of a shallow clone. */
  readonly isBoundary: boolean
}

type ParsedCommit = { -readonly [Key in keyof Omit<BlamedCommit, 'lines'>]: BlamedCommit[Key] } & {
  lines: [number, number][]
}

/** `<id> <line in that commit> <line today> <how many>` */
const HEADER = /^([0-9a-f]{40,64}) \d+ (\d+) (\d+)$/

const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  '\\': 92,
}

/** Reads a path as git prints it: in quotes, with escapes, if it has odd characters. */
export const unquotedPath = (printed: string): string => {
  if (!(printed.startsWith('"') && printed.endsWith('"') && printed.length > 1)) return printed
  const parts = [...printed.slice(1, -1).matchAll(/\\([0-7]{3}|.)|[^\\]+/gs)]
  return Buffer.concat(
    parts.map(([text, escaped]) =>
      escaped === undefined
        ? Buffer.from(text)
        : Buffer.of(ESCAPES[escaped] ?? Number.parseInt(escaped, 8)),
    ),
  ).toString()
}

const setField = (commit: ParsedCommit, name: string, value: string): void => {
  if (name === 'summary') commit.subject = value
  else if (name === 'author') commit.author = value
  else if (name === 'author-time') commit.at = Number(value) * 1000
  else if (name === 'committer-time') commit.committedAt = Number(value) * 1000
  else if (name === 'boundary') commit.isBoundary = true
}

const newCommit = (sha: string): ParsedCommit => ({
  sha,
  path: '',
  lines: [],
  subject: '',
  author: '',
  at: 0,
  committedAt: 0,
  isBoundary: false,
})

const inOrder = ({ lines, ...commit }: ParsedCommit): BlamedCommit => ({
  ...commit,
  lines: lines.toSorted(([a], [b]) => a - b),
})

/**
 * Parses the output of `git blame --incremental`: the commits in the order of their first lines. A commit that is blamed
 * under two paths is there twice. Pure.
 */
export const parseBlame = (output: string): readonly BlamedCommit[] => {
  const known = new Map<string, ParsedCommit>()
  const byPath = new Map<string, ParsedCommit>()
  let commit: ParsedCommit | undefined
  let [first, count] = [0, 0]
  for (const line of output.split('\n')) {
    const [, sha, at, many] = HEADER.exec(line) ?? []
    if (sha !== undefined) {
      ;[first, count] = [Number(at), Number(many)]
      commit = known.get(sha) ?? newCommit(sha)
      known.set(sha, commit)
    } else if (commit !== undefined) {
      const space = line.indexOf(' ')
      const [name, value] = space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)]
      if (name === 'filename') {
        // The last line of an entry.
        const path = unquotedPath(value)
        const key = `${commit.sha} ${path}`
        const own = byPath.get(key) ?? { ...commit, path, lines: [] }
        own.lines.push([first, first + count - 1])
        byPath.set(key, own)
      } else setField(commit, name, value)
    }
  }
  return [...byPath.values()]
    .map(inOrder)
    .toSorted((a, b) => (a.lines[0]?.[0] ?? 0) - (b.lines[0]?.[0] ?? 0))
}

/** Whether git blames no commit for a line: it is in the file, but not committed. */
export const isUncommitted = ({ sha }: Pick<BlamedCommit, 'sha'>): boolean => /^0+$/.test(sha)
