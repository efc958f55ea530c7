export { type DirectGitOptions, directGit } from './direct-git.js'
