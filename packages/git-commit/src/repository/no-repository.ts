import { KittyError } from '@kitty/record'

/** The error for a folder outside git. */
export const noRepository = (folder: string): KittyError =>
  new KittyError('NO_REPOSITORY', `There is no git repository at ${folder}.`, {
    hint: 'Run this in a clone of the repository.',
  })
