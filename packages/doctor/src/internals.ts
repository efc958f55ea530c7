/**
 * What the command line needs of the doctor. It changes with it, in minor versions too; a program of your own needs
 * `@kitty/doctor` alone.
 *
 * @packageDocumentation
 */
export { CHECKS } from './checks/registry.js'
