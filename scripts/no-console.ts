// A test that prints to the console fails: what a person should see goes through a command's output.
for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
  console[method] = (...words: unknown[]) => {
    throw new Error(`console.${method} was called in a test: ${words.join(' ')}`)
  }
}
