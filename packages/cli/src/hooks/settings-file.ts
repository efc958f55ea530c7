import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readRegular, replaceFile } from '@kitty/writer'
import { CLAUDE_SETTINGS, type JsonObject, parseSettings } from './claude-settings.js'

/** What became of a settings file. */
export type SettingsChange = { readonly path: string; readonly changed: boolean }

/** As the file is indented already; two spaces where it does not say. */
const indentOf = (text: string): string => /^\{\r?\n([ \t]+)/.exec(text)?.[1] ?? '  '

/**
 * Changes the settings that Claude Code has for a folder, whole or not at all; a file that would stay
 * the same is not touched, and none is made for nothing. Throws `SETTINGS_INVALID`, and what reading
 * and writing files throws.
 */
export const changeSettings = async (
  root: string,
  change: (settings: JsonObject) => JsonObject,
): Promise<SettingsChange> => {
  const path = join(root, ...CLAUDE_SETTINGS.split('/'))
  const text = (await readRegular(path))?.toString() ?? ''
  const before = parseSettings(text, root)
  const after = change(before)
  if (after === before) return { path: CLAUDE_SETTINGS, changed: false }
  mkdirSync(dirname(path), { recursive: true })
  await replaceFile(path, `${JSON.stringify(after, undefined, indentOf(text))}\n`, 'process')
  return { path: CLAUDE_SETTINGS, changed: true }
}
