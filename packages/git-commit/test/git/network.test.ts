import { describe, expect, it } from 'vitest'
import { networkEnvironment } from '../../src/git/network-environment.js'

const SILENT = { canPrompt: false }

describe('the environment of git with the network', () => {
  it.each([
    [{}, undefined, 'ssh -o BatchMode=yes'],
    [{ GIT_SSH_COMMAND: 'ssh -i key' }, undefined, 'ssh -i key -o BatchMode=yes'],
    [
      { GIT_SSH_COMMAND: '"C:/Program Files/OpenSSH/ssh.exe" -v' },
      undefined,
      '"C:/Program Files/OpenSSH/ssh.exe" -v -o BatchMode=yes',
    ],
    [{}, '/usr/bin/ssh -F config', '/usr/bin/ssh -F config -o BatchMode=yes'],
    [{ GIT_SSH_COMMAND: 'plink' }, 'ssh', 'plink'],
    [{ GIT_SSH_COMMAND: 'my-ssh-wrapper' }, undefined, 'my-ssh-wrapper'],
    [{ GIT_SSH: '/opt/plink' }, undefined, undefined],
  ])(
    'without a terminal keeps ssh from asking: %j, core.sshCommand %s',
    (env, sshCommand, used) => {
      expect(networkEnvironment({ ...SILENT, sshCommand }, env).GIT_SSH_COMMAND).toBe(used)
    },
  )

  it('asks nowhere without a terminal, and lets a program that the user named answer', () => {
    const env = { GIT_ASKPASS: '/ci/token', SSH_ASKPASS: '/usr/bin/dialog' }
    expect(networkEnvironment(SILENT, env)).toMatchObject({
      GIT_TERMINAL_PROMPT: '0',
      GIT_ASKPASS: '/ci/token',
      SSH_ASKPASS: '',
      GCM_INTERACTIVE: 'never',
    })
  })

  it('is that of the user at a terminal', () => {
    const env = { GIT_SSH_COMMAND: 'ssh -v', SSH_ASKPASS: 'dialog', GIT_TERMINAL_PROMPT: '0' }
    const { GIT_SSH_COMMAND, SSH_ASKPASS, GIT_TERMINAL_PROMPT, GIT_ALLOW_PROTOCOL } =
      networkEnvironment({ canPrompt: true }, env)
    expect({ GIT_SSH_COMMAND, SSH_ASKPASS, GIT_TERMINAL_PROMPT }).toEqual(env)
    expect(GIT_ALLOW_PROTOCOL).toBeUndefined()
    expect(networkEnvironment({ canPrompt: true }, {})).toMatchObject({
      GIT_TERMINAL_PROMPT: undefined,
    })
  })

  it('keeps the protocols that the user allows, and no variable of a hook', () => {
    const env = {
      GIT_ALLOW_PROTOCOL: 'https',
      GIT_INDEX_FILE: 'x',
      GIT_DIR: 'y',
      GIT_HTTP_USER_AGENT: 'z',
    }
    const changes = networkEnvironment(SILENT, env)
    expect(changes).toMatchObject({ GIT_ALLOW_PROTOCOL: 'https', GIT_HTTP_USER_AGENT: 'z' })
    expect(changes).not.toHaveProperty('GIT_INDEX_FILE')
    expect(changes).not.toHaveProperty('GIT_DIR')
  })
})
