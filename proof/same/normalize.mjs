// Normalizes what differs in the output of two runs of one program: ids, hashes, times, durations, folders. What is
// older than the run is the same in both, and is not changed.
import { opIdTime } from '@kitty/record'

/** After `%2F`, which stands for the slash in the name of a lock's token, no word begins. */
const ID = /(?:\b|(?<=%2F))[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g
const PART_OF_ID = /\b[0-7][0-9A-HJKMNP-TV-Z]{5,24}\b/g
const OWNER = /\b\d+-(?:\d+|x)-[0-9a-f]{8}-[0-9a-f]{8}-(?:\d+|x)\b/g
// As git prints dates.
const DATE = /\b[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4} [+-]\d{4}\b/g
const MOMENT = /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{3})?)?Z?/g
const INODE_AND_CHANGE = /\b\d+ 1\d{12}(?:\.\d+)? (?=\d+$)/gm
const HASH = /(?<![0-9a-f])[0-9a-f]{7,64}(?![0-9a-f])/g
/** The length of the key of a folder and of the hash of a context, which are equal in both runs. */
const LASTING_HASH = 16
/** A duration of less than an hour, which no earlier Op has. */
const SPAN = /(?<= )(?:\d+ ms|\d+(?:\.\d)? s|\d+m \d\ds|now(?= {2})|\d+m ago)( *)/g
/** Such a duration after the beginning of an Op, at the right edge of its column. */
const LATER = / +\+(?:\d+ ms|\d+(?:\.\d)? s|\d+m \d\ds)(?= {2})/g

const SMALL = [
  [/\btmp_(obj|pack|idx)_\w+/g, 'tmp_$1_<random>'],
  [/\bcopy\.\d+\./g, 'copy.<pid>.'],
  [/(<folder>[\\/]+temporary[\\/]+[\w-]+-)\w{6}\b/g, '$1<random>'],
  [/"duration_ms":[0-3]?\d{1,6}\b/g, '"duration_ms":<number>'],
  // In CSV, a duration follows two times of the run.
  [/(?<=,0000-00-00T00:00:00\.000Z,0000-00-00T00:00:00\.000Z,)\d+/g, '<number>'],
  [/"age_hours":[\d.]+/g, '"age_hours":<number>'],
  [/(?:less than a minute|\b(?:a|1) minute|\b\d+ minutes)\b/g, '<minutes>'],
  [/\b[\d.]+ kB\b/g, '<size>'],
  [/(?<=The process that opened it, )\d+/g, '<pid>'],
]

const zeros = (text) => text.replace(/\d/g, '0')

/** Replaces a duration. In a column, it keeps the width of the cell. */
const span = (whole, after) => (after.length < 2 ? `<span>${after}` : '<span>'.padEnd(whole.length))

const later = (whole) => '+<span>'.padStart(whole.length)

const momentOf = (text) => Date.parse(`${text.replace(' ', 'T').replace(/Z$/, '')}Z`)

const numbered = (name) => {
  const numbers = new Map()
  return {
    keys: numbers,
    learn: (key) => {
      if (!numbers.has(key)) numbers.set(key, numbers.size + 1)
      return `<${name} ${numbers.get(key)}>`
    },
  }
}

/** Returns each spelling of a folder: as it is, with `/`, and inside JSON. */
const spellings = ([folder, name]) =>
  [...new Set([folder, folder.replaceAll('\\', '/'), JSON.stringify(folder).slice(1, -1)])].map(
    (spelling) => [spelling, name],
  )

/**
 * Returns a normalizer of texts. `folders` are pairs of a path and its replacement; `since` is when the run began, in
 * milliseconds since 1970. `learnCommits` numbers commits, oldest first.
 */
export const normalizer = (folders, since) => {
  const places = [...folders].flatMap(spellings).sort(([a], [b]) => b.length - a.length)
  const [ops, commits] = [numbered('op'), numbered('commit')]
  const isNew = (moment) => moment >= since - (since % 60_000)

  const id = (text) => (isNew(opIdTime(text)) ? ops.learn(text) : text)
  const partOfId = (text) =>
    [...ops.keys.keys()].some((known) => known.startsWith(text)) ? `<op ${text.length}>` : text
  const hash = (text, at, whole) => {
    if (text.length === LASTING_HASH && whole[at - 1] !== '.') return text
    const known = [...commits.keys.keys()].find((commit) => commit.startsWith(text))
    if (known !== undefined) return commits.learn(known)
    // Without a digit, it is a word.
    return /\d/.test(text) ? '<hash>' : text
  }
  const moment = (text) => (isNew(momentOf(text)) ? zeros(text) : text)
  const date = (text) => (isNew(Date.parse(text)) ? '<date>' : text)

  const text = (raw) => {
    let out = raw
    for (const [folder, name] of places) out = out.replaceAll(folder, name)
    out = out.replace(ID, id).replace(PART_OF_ID, partOfId).replace(OWNER, '<owner>')
    out = out.replace(MOMENT, moment).replace(DATE, date)
    out = out.replace(INODE_AND_CHANGE, '<inode> <changed> ').replace(HASH, hash)
    for (const [pattern, instead] of SMALL) out = out.replace(pattern, instead)
    return out.replace(LATER, later).replace(SPAN, span)
  }
  return { text, learnCommits: (hashes) => hashes.forEach(commits.learn) }
}
