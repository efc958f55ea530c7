export { main } from './app/main.js'
export type { Io, Output, Variables } from './command/io.js'
