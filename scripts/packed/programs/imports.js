// Runs in a folder with the named packages installed: imports each, and counts its exports.
const counts = []
for (const name of process.argv.slice(2)) {
  const { length } = Object.keys(await import(name))
  if (length === 0) throw new Error(`${name} exports nothing`)
  counts.push(`${name} ${length} exports`)
}
process.stdout.write(`${process.version}: ${counts.join(', ')}\n`)
