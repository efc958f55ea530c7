// Starts the processes of a proof.
import { fork } from 'node:child_process'
import { once } from 'node:events'

/**
 * Starts a program that gets and sends messages. `ended` resolves to its exit status or signal when it has ended and all
 * its messages have arrived, also if that was long ago; `send` sends nothing to a process that has ended.
 */
export const startChild = (program, args, onMessage) => {
  const child = fork(program, args)
  child.on('message', onMessage)
  const ended = Promise.all([once(child, 'exit'), once(child, 'disconnect')]).then(
    ([[code, signal]]) => signal ?? code,
  )
  return {
    ended,
    // It can end between the check and the message.
    send: (message) => child.connected && child.send(message, () => undefined),
    kill: () => child.kill('SIGKILL'),
  }
}
