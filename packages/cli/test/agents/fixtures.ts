import type { HookEvent } from '../../src/agents/agent.js'

type Input = (folder: string) => object

/** What an agent sends to its hooks, with the field names of the page that documents them. */
type Fixture = {
  readonly page: string
  /** The day on which it was read. */
  readonly date: string
  readonly inputs: Readonly<Partial<Record<HookEvent, Input>>>
}

const TRANSCRIPT = '/home/u/transcript.jsonl'

const claude =
  (hook_event_name: string, more: object): Input =>
  (cwd) => ({
    session_id: 'abc123',
    transcript_path: TRANSCRIPT,
    cwd,
    hook_event_name,
    ...more,
  })

const codex =
  (hook_event_name: string, more: object): Input =>
  (cwd) => ({
    session_id: '019eefee-d284-70f2-b918-40c106802e87',
    transcript_path: null,
    cwd,
    hook_event_name,
    model: 'gpt-5-codex',
    permission_mode: 'default',
    ...more,
  })

const TURN = { turn_id: '019eefef-0015-7802-9448-cc437b0c7231' }

const gemini =
  (hook_event_name: string, more: object): Input =>
  (cwd) => ({
    session_id: 'abc123',
    transcript_path: TRANSCRIPT,
    cwd,
    hook_event_name,
    timestamp: '2026-11-28T10:00:00.000Z',
    ...more,
  })

const cursor =
  (hook_event_name: string, more: object): Input =>
  (folder) => ({
    conversation_id: '8f09333b-c2ee-49dc-85c1-f73bebbbb1ae',
    generation_id: '',
    model: 'default',
    session_id: '8f09333b-c2ee-49dc-85c1-f73bebbbb1ae',
    hook_event_name,
    cursor_version: '3.0.4',
    workspace_roots: [folder],
    transcript_path: null,
    ...more,
  })

export const FIXTURES: Readonly<Record<string, Fixture>> = {
  'claude-code': {
    page: 'https://code.claude.com/docs/en/hooks',
    date: '2026-11-28',
    inputs: {
      'session-start': claude('SessionStart', { source: 'startup', model: 'claude-sonnet-4-6' }),
      prompt: claude('UserPromptSubmit', { permission_mode: 'default', prompt: 'Write a test' }),
      'subagent-start': claude('SubagentStart', { agent_id: 'agent-1', agent_type: 'Explore' }),
      'subagent-stop': claude('SubagentStop', {
        permission_mode: 'default',
        stop_hook_active: false,
        agent_id: 'agent-1',
        agent_type: 'Explore',
        agent_transcript_path: TRANSCRIPT,
        last_assistant_message: 'Done',
      }),
      stop: claude('Stop', {
        permission_mode: 'default',
        stop_hook_active: false,
        last_assistant_message: 'Done',
      }),
      'session-end': claude('SessionEnd', { reason: 'other' }),
    },
  },
  codex: {
    page: 'https://developers.openai.com/codex/hooks; codex-rs/hooks/schema/generated in openai/codex',
    date: '2026-11-28',
    inputs: {
      'session-start': codex('SessionStart', { source: 'startup' }),
      prompt: codex('UserPromptSubmit', { ...TURN, prompt: 'Write a test' }),
      'subagent-start': codex('SubagentStart', {
        ...TURN,
        agent_id: 'a-1',
        agent_type: 'explorer',
      }),
      'subagent-stop': codex('SubagentStop', {
        ...TURN,
        agent_id: 'a-1',
        agent_type: 'explorer',
        agent_transcript_path: null,
        stop_hook_active: false,
        last_assistant_message: null,
      }),
      stop: codex('Stop', { ...TURN, stop_hook_active: false, last_assistant_message: null }),
    },
  },
  copilot: {
    page: 'content/copilot/reference/hooks-reference.md in github/docs',
    date: '2026-11-28',
    inputs: {
      'session-start': (cwd) => ({ sessionId: 'abc', timestamp: 1, cwd, source: 'new' }),
      'session-end': (cwd) => ({ sessionId: 'abc', timestamp: 1, cwd, reason: 'user_exit' }),
    },
  },
  gemini: {
    page: 'docs/hooks/reference.md in google-gemini/gemini-cli',
    date: '2026-11-28',
    inputs: {
      'session-start': gemini('SessionStart', { source: 'startup' }),
      'session-end': gemini('SessionEnd', { reason: 'exit' }),
    },
  },
  cursor: {
    page: 'https://cursor.com/docs/hooks.md',
    date: '2026-11-28',
    inputs: {
      'session-start': cursor('sessionStart', {
        is_background_agent: false,
        composer_mode: 'agent',
      }),
      'session-end': cursor('sessionEnd', {
        reason: 'user_close',
        duration_ms: 123,
        is_background_agent: false,
        final_status: 'completed',
      }),
    },
  },
  opencode: {
    page: 'packages/web/src/content/docs/plugins.mdx in anomalyco/opencode; our plugin makes the input',
    date: '2026-11-28',
    inputs: {
      'session-start': (cwd) => ({ session_id: 'ses_1', cwd, hook_event_name: 'session.created' }),
      'session-end': (cwd) => ({ session_id: 'ses_1', cwd, hook_event_name: 'session.deleted' }),
    },
  },
}
