import module from 'node:module'
import { isAbsolute, join } from 'node:path'

const FOLDERS = {
  win32: ({ LOCALAPPDATA }) => LOCALAPPDATA,
  darwin: ({ HOME }) => HOME && join(HOME, 'Library', 'Caches'),
}

const xdg = ({ XDG_CACHE_HOME, HOME }) => XDG_CACHE_HOME || (HOME && join(HOME, '.cache'))

/**
 * Makes Node 22.8 and newer cache the compiled program in the user's own cache folder. Node's default is the folder for
 * temporary files, where another user of the machine could place code that would be run here.
 */
export const useCompileCache = ({ env, platform } = process) => {
  const folder = (FOLDERS[platform] ?? xdg)(env)
  if (env.NODE_COMPILE_CACHE || !folder || !isAbsolute(folder)) return
  module.enableCompileCache?.(join(folder, 'spec-kitty', 'compiled'))
}
