import module from 'node:module'
import { isAbsolute, join } from 'node:path'

const FOLDERS = {
  win32: ({ LOCALAPPDATA }) => LOCALAPPDATA,
  darwin: ({ HOME }) => HOME && join(HOME, 'Library', 'Caches'),
}

const xdg = ({ XDG_CACHE_HOME, HOME }) => XDG_CACHE_HOME || (HOME && join(HOME, '.cache'))

/**
 * Has Node 22.8 and newer keep the compiled program, in the person's own cache folder: in the folder for
 * temporary files, Node's own choice, somebody else on the machine could lay down what is run here.
 */
export const useCompileCache = ({ env, platform } = process) => {
  const folder = (FOLDERS[platform] ?? xdg)(env)
  if (env.NODE_COMPILE_CACHE || !folder || !isAbsolute(folder)) return
  module.enableCompileCache?.(join(folder, 'spec-kitty', 'compiled'))
}
