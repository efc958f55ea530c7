// Collects the licences of bundled packages. Most require a copy with every distribution.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const PACKAGE = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/

const foldersOf = (inputs, root) => [
  ...new Set(inputs.flatMap((input) => PACKAGE.exec(resolve(root, input)) ?? [])),
]

const noticeOf = (folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const texts = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|notice|copying)/i.test(entry.name))
    .map((file) => readFileSync(join(folder, file.name), 'utf8').trim())
  return [`${name} ${version} (${license})`, ...texts].join('\n\n')
}

/** A notice for each package of these bundled files, by name. */
export const noticesOf = (inputs, root) => {
  const folders = foldersOf(inputs, root).filter((folder) =>
    existsSync(join(folder, 'package.json')),
  )
  return `${folders
    .map(noticeOf)
    .sort()
    .join(`\n\n${'-'.repeat(72)}\n\n`)}\n`
}
