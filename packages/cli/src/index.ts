export { main } from './app/main.js'
export type { GivenIo, GivenOutput, Io, Output, Outputs, Variables } from './command/io.js'
