import { readFile, writeFile } from 'node:fs/promises'

const LINE_END = /\r\n/g

/** Writes a generated file of docs/. With --check, only reports whether it differs from what it is generated from. */
export const writeGenerated = async (name, text, { source, command }) => {
  const file = new URL(`../../../docs/${name}`, import.meta.url)
  if (!process.argv.includes('--check')) return writeFile(file, text)
  const present = await readFile(file, 'utf8').catch(() => '')
  if (present.replace(LINE_END, '\n') === text.replace(LINE_END, '\n')) return
  console.error(`docs/${name} differs from the ${source}. Run: ${command}`)
  process.exitCode = 1
}
