export { main } from './app/main.js'
export type { GivenIo, GivenOutput, Io, Output, Variables } from './command/io.js'
