import { type ProgramName, programCommand } from '../command/program.js'

/** What an agent must know, in at most 1,000 characters. */
export const agentInstructions = (program: ProgramName): string => {
  const command = (words: string) => programCommand(program, words)
  return `\
This project records AI work as Ops with \`${program.bin}\`. Records are permanent: be honest.

- Before you change anything, open an Op with the request, verbatim:
  \`${command('do')} "REQUEST"\` (\`${command('advise')}\` for advice, \`${command('ask')}\` for a question)
- Keep the id that it prints. Name it whenever you close; never close an Op that is not yours.
- When the work has ended, close the Op with the real outcome and a reason:
  \`${command('ops complete')} ID --outcome OUTCOME --reason "WHY" --artifact FILE --commit SHA\`
  OUTCOME is done, failed or abandoned. Link every file and commit that the work produced; both flags can be repeated.
- Tests fail, or the work is incomplete: \`failed\`. The person stopped it: \`abandoned\`.
- A sub-agent opens an Op of its own and closes it by its own id.
- Don't commit, edit or delete anything in \`kitty-ops/\`: closing an Op commits its record.
`
}
