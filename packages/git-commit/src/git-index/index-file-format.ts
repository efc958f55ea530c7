// The format of git's index, versions 2 and 3: see git's `gitformat-index`. A header, the entries in the order of their
// names, extensions, and the hash of everything before it. Offsets are in bytes.

const HEADER_LENGTH = 12
const STAT_LENGTH = 40
const [VERSION_AT, COUNT_AT] = [4, 8]

/** The offsets in an entry of the seconds of its file's last change, and of its mode. */
const [MTIME_AT, MODE_AT] = [8, 24]

const [EXTENDED, STAGE, NAME_LENGTH] = [0x4000, 0x3000, 0x0fff]
const SUBMODULE = 0o16

/** An index that was read. */
export type ParsedIndex = {
  readonly bytes: Buffer
  /** The same bytes: of 100,000 entries, it reads numbers in half the time. */
  readonly view: DataView
  /** The length of an object's id: 20, or 32 for SHA-256. */
  readonly idLength: number
  /** The start of each entry, and the end of the last. */
  readonly starts: Uint32Array
  readonly extensions: readonly Extension[]
}

export type Extension = { readonly name: string; readonly bytes: Buffer }

type Bytes = Pick<ParsedIndex, 'bytes' | 'view' | 'idLength'>

const flagsOf = ({ view, idLength }: Bytes, start: number): number =>
  view.getUint16(start + STAT_LENGTH + idLength)

const nameStart = (index: Bytes, start: number): number =>
  start + STAT_LENGTH + index.idLength + (flagsOf(index, start) & EXTENDED ? 4 : 2)

const nameEnd = (index: Bytes, start: number): number => {
  const from = nameStart(index, start)
  const length = flagsOf(index, start) & NAME_LENGTH
  // A longer name ends at the first NUL.
  return length < NAME_LENGTH ? from + length : index.bytes.indexOf(0, from + length)
}

/** Fills in where each entry starts. Returns the end of the last one; `undefined` if the index is cut off. */
const findEntries = (index: Bytes, starts: Uint32Array): number | undefined => {
  const { idLength } = index
  const last = index.bytes.length - idLength
  let at = HEADER_LENGTH
  for (let number = 0; number < starts.length - 1; number += 1) {
    starts[number] = at
    if (at + STAT_LENGTH + idLength + 4 > last) return undefined
    const end = nameEnd(index, at)
    // An entry has 1 to 8 NULs at its end, so that its length is a multiple of 8.
    at += (end - at + 8) & ~7
    if (end < 0 || at > last) return undefined
  }
  starts[starts.length - 1] = at
  return at
}

const readExtensions = (bytes: Buffer, from: number, to: number): Extension[] | undefined => {
  const extensions: Extension[] = []
  for (let at = from; at < to; ) {
    const start = at + 8
    const end = start <= to ? start + bytes.readUInt32BE(at + 4) : to + 1
    if (end > to) return undefined
    extensions.push({
      name: bytes.toString('latin1', at, at + 4),
      bytes: bytes.subarray(start, end),
    })
    at = end
  }
  return extensions
}

/** Parses an index. Returns `undefined` for another version, or if it is damaged. */
export const parseIndex = (bytes: Buffer, idLength: number): ParsedIndex | undefined => {
  const isKnown =
    bytes.length >= HEADER_LENGTH + idLength &&
    bytes.toString('latin1', 0, VERSION_AT) === 'DIRC' &&
    [2, 3].includes(bytes.readUInt32BE(VERSION_AT))
  const count = isKnown ? bytes.readUInt32BE(COUNT_AT) : 0
  if (!isKnown || count * (STAT_LENGTH + idLength) > bytes.length) return undefined
  const starts = new Uint32Array(count + 1)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const end = findEntries({ bytes, view, idLength }, starts)
  const extensions =
    end === undefined ? undefined : readExtensions(bytes, end, bytes.length - idLength)
  return extensions && { bytes, view, idLength, starts, extensions }
}

export const entryCount = ({ starts }: ParsedIndex): number => starts.length - 1

export const entryStart = ({ starts }: ParsedIndex, number: number): number => starts[number] ?? 0

export const entryName = (index: ParsedIndex, number: number): Buffer => {
  const start = entryStart(index, number)
  return index.bytes.subarray(nameStart(index, start), nameEnd(index, start))
}

/** Whether an entry is one side of a conflict. */
export const isConflict = (index: ParsedIndex, number: number): boolean =>
  (flagsOf(index, entryStart(index, number)) & STAGE) !== 0

/** Returns the number of the first entry whose name is not before this one. */
export const firstNotBefore = (index: ParsedIndex, name: Buffer): number => {
  let [low, high] = [0, entryCount(index)]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (Buffer.compare(entryName(index, middle), name) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Counts the files that last changed in this second or later. */
export const countChangedSince = ({ view, starts }: ParsedIndex, seconds: number): number => {
  let count = 0
  for (let number = 0; number < starts.length - 1; number += 1) {
    const start = starts[number] ?? 0
    if (view.getUint32(start + MTIME_AT) < seconds) continue
    if (view.getUint32(start + MODE_AT) >>> 12 !== SUBMODULE) count += 1
  }
  return count
}

/** What an index holds of the state of a file, in the order of its fields. Zeros make git read the file. */
export type StatFields = readonly number[]

const REGULAR_FILE = 0o100644
const MODE_FIELD = MODE_AT / 4

export type NewEntry = {
  readonly name: Buffer
  readonly id: string
  /** The state of the file on disk; `undefined` if it is not known to have this content. */
  readonly stat: StatFields | undefined
}

/** Returns the bytes of an entry, for a file that is not executable. */
export const encodeEntry = ({ name, id, stat = [] }: NewEntry): Buffer => {
  const idLength = id.length / 2
  const fixed = STAT_LENGTH + idLength + 2
  const entry = Buffer.alloc((fixed + name.length + 8) & ~7)
  for (const [field, value] of stat.entries()) entry.writeUInt32BE(value, field * 4)
  entry.writeUInt32BE(REGULAR_FILE, MODE_FIELD * 4)
  entry.write(id, STAT_LENGTH, 'hex')
  entry.writeUInt16BE(Math.min(name.length, NAME_LENGTH), STAT_LENGTH + idLength)
  name.copy(entry, fixed)
  return entry
}

/** Returns the header of a changed index. */
export const encodeHeader = ({ bytes }: ParsedIndex, count: number): Buffer => {
  const header = Buffer.from(bytes.subarray(0, HEADER_LENGTH))
  header.writeUInt32BE(count, COUNT_AT)
  return header
}

export const encodeExtension = ({ name, bytes }: Extension): readonly Buffer[] => {
  const header = Buffer.alloc(8)
  header.write(name, 'latin1')
  header.writeUInt32BE(bytes.length, 4)
  return [header, bytes]
}
