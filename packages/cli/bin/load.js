const fs = require('node:fs')
const { dirname, isAbsolute, join } = require('node:path')
const vm = require('node:vm')

const FOLDERS = {
  win32: ({ LOCALAPPDATA }) => LOCALAPPDATA,
  darwin: ({ HOME }) => HOME && join(HOME, 'Library', 'Caches'),
}

const xdg = ({ XDG_CACHE_HOME, HOME }) => XDG_CACHE_HOME || (HOME && join(HOME, '.cache'))

/**
 * Returns the folder of compiled code: the user's own cache folder. In a folder for temporary files, another user of the
 * machine could place code that would be run here.
 */
const cacheFolder = ({ env, platform, arch, version } = process) => {
  const folder = (FOLDERS[platform] ?? xdg)(env)
  if (env.NODE_DISABLE_COMPILE_CACHE || !folder || !isAbsolute(folder)) return undefined
  return join(folder, 'spec-kitty', 'compiled', `${version}-${arch}`)
}

// V8 checks its version, its flags and the length of the source, but not the compiled code itself.
const checksumOf = (data) => {
  const sum = Buffer.alloc(8)
  sum.writeUInt32LE(require('node:zlib').crc32(data))
  return sum
}

/** Returns compiled code that this user kept. Returns `undefined` if it is missing or damaged. */
const readCompiled = (path) => {
  let file
  try {
    file = fs.openSync(path, 'r')
    if (fs.fstatSync(file).uid !== (process.getuid?.() ?? 0)) return undefined
    const bytes = fs.readFileSync(file)
    const data = bytes.subarray(8)
    return bytes.subarray(0, 8).equals(checksumOf(data)) ? data : undefined
  } catch {
    return undefined
  } finally {
    if (file !== undefined) fs.closeSync(file)
  }
}

/** Keeps the compiled code of a script. Without it, the next start only takes longer. */
const writeCompiled = (path, script) => {
  const temporary = `${path}.${process.pid}`
  try {
    fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    // First, since collecting the code takes time, which is wasted where nothing can be written.
    fs.writeFileSync(temporary, '', { mode: 0o600 })
    const data = script.createCachedData()
    fs.writeFileSync(temporary, Buffer.concat([checksumOf(data), data]))
    fs.renameSync(temporary, path)
  } catch {
    try {
      fs.unlinkSync(temporary)
    } catch {
      // It was not created.
    }
  }
}

/** Compiles a bundle. What the process compiles until it exits is kept for the next one that does the same task. */
const compile = (file, source, task) => {
  const folder = cacheFolder()
  // A bundle ends with the hash of its content.
  const path = folder && join(folder, `${task.replaceAll(' ', '-')}-${source.slice(-16)}`)
  const cachedData = path && readCompiled(path)
  const script = new vm.Script(source, { filename: file, cachedData })
  if (path && (cachedData === undefined || script.cachedDataRejected)) {
    process.once('exit', () => writeCompiled(path, script))
  }
  return script.runInThisContext()
}

/** Compiles a bundle as Node does, which can then name files and lines of the sources in a stack. */
const compileForDebug = (file, source) => {
  const { Module } = require('node:module')
  process.setSourceMapsEnabled(true)
  const bundle = new Module(file)
  bundle._compile(`module.exports = ${source}`, file)
  return bundle.exports
}

/** Loads a bundle: its text is a function with the parameters of a CommonJS module. `task` names what it is loaded for. */
exports.load = (name, task, debug = false) => {
  const file = join(dirname(__dirname), 'bundle', `${name}.cjs`)
  // It is pure ASCII; as Latin-1 it is read without decoding.
  const source = fs.readFileSync(file, 'latin1')
  const bundle = debug ? compileForDebug(file, source) : compile(file, source, task)
  const module = { exports: {} }
  bundle(module.exports, require, module, file, dirname(file))
  return module.exports
}
