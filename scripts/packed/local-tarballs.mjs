// Makes tarballs depend on each other by path, so that each one installs with those it needs while nothing is on npm.
import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'

const BLOCK = 512
const MANIFEST = 'package/package.json'

const padded = (size) => Math.ceil(size / BLOCK) * BLOCK
const textIn = (header, at, length) =>
  header.toString('latin1', at, at + length).replace(/\0.*$/s, '')

/** Splits a tar file into its entries: the name, the header and the content of each. */
const entriesOf = (tar) => {
  const entries = []
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const header = tar.subarray(at, at + BLOCK)
    const size = Number.parseInt(textIn(header, 124, 12), 8)
    const content = tar.subarray(at + BLOCK, at + BLOCK + size)
    entries.push({ name: textIn(header, 0, 100), header, content })
    at += BLOCK + padded(size)
  }
  return entries
}

/** The header for another size. Its checksum counts the field of the checksum itself as spaces. */
const resized = (header, size) => {
  const copy = Buffer.from(header)
  copy.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  copy.fill(' ', 148, 156)
  const sum = copy.reduce((total, byte) => total + byte, 0)
  copy.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return copy
}

const entryBytes = ({ header, content }) => [
  header,
  content,
  Buffer.alloc(padded(content.length) - content.length),
]

const withManifest = (entry, edit) => {
  if (entry.name !== MANIFEST) return entry
  const content = Buffer.from(`${JSON.stringify(edit(JSON.parse(entry.content)), null, 2)}\n`)
  return { ...entry, header: resized(entry.header, content.length), content }
}

/** Reads the entries of a tarball: the name, the header and the content of each. */
export const readTarball = (filename) => entriesOf(gunzipSync(readFileSync(filename)))

/** Rewrites the manifest in a tarball. */
const editManifest = (filename, edit) => {
  const tar = readTarball(filename)
    .map((entry) => withManifest(entry, edit))
    .flatMap(entryBytes)
  writeFileSync(filename, gzipSync(Buffer.concat([...tar, Buffer.alloc(2 * BLOCK)])))
}

/** Makes each tarball name the others by their file, relative to its own folder, as npm reads it. */
export const linkTarballs = (tarballs) => {
  const places = new Map(tarballs.map(({ name, filename }) => [name, `file:${basename(filename)}`]))
  const linked = (dependencies = {}) =>
    Object.fromEntries(
      Object.entries(dependencies).map(([name, range]) => [name, places.get(name) ?? range]),
    )
  for (const { filename } of tarballs) {
    editManifest(filename, (manifest) => ({
      ...manifest,
      dependencies: linked(manifest.dependencies),
    }))
  }
}
