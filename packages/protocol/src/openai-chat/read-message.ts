import type { Message, TextPart, ToolResultPart } from '../call.ts';
import { MESSAGES_MAX } from '../call-bounds.ts';
import type { Json } from '../json.ts';
import { type Entry, readContent } from '../read-content.ts';
import { listAt, objectAt, requiredString, wrongValue } from '../read-field.ts';
import type { Unread } from '../unread.ts';
import { readAssistant } from './read-assistant.ts';
import { opaque, readTexts, readUserPart } from './read-part.ts';

const PLAIN_FIELDS = new Set(['role', 'content']);
const TOOL_FIELDS = new Set(['role', 'content', 'tool_call_id']);
const FUNCTION_FIELDS = new Set(['role', 'content', 'name']);

type Reading = { system: TextPart[]; messages: Message[]; unread: Unread };

/**
 * Reads the conversation. Instructions before the first turn become `system`; later ones stay where they are. Tool
 * messages in a row are one message, as they answer one turn.
 */
export function readMessages(value: Json, unread: Unread): { system: TextPart[]; messages: Message[] } {
  const entries = listAt(value, 'messages', MESSAGES_MAX);
  if (!Array.isArray(value)) throw wrongValue('messages', 'an array');
  if (entries.length === 0) throw wrongValue('messages', 'at least one message');
  const reading: Reading = { system: [], messages: [], unread };
  for (const entry of entries) {
    readMessage(reading, { wire: objectAt(entry.value, entry.path), path: entry.path });
  }
  return { system: reading.system, messages: reading.messages };
}

function readMessage(reading: Reading, entry: Entry): void {
  const { messages, unread } = reading;
  const role = requiredString(entry.wire, 'role', entry.path);
  switch (role) {
    case 'system':
    case 'developer': {
      unread.note(entry.wire, PLAIN_FIELDS, 'messages[]');
      const parts = readTexts(entry, unread);
      if (messages.length === 0) reading.system.push(...parts);
      else messages.push({ role: 'system', parts });
      return;
    }
    case 'user':
      unread.note(entry.wire, PLAIN_FIELDS, 'messages[]');
      messages.push({
        role: 'user',
        parts: readContent(entry.wire.content, `${entry.path}.content`, ({ wire, path }) =>
          readUserPart(wire, path, unread),
        ),
      });
      return;
    case 'assistant':
      messages.push({ role: 'assistant', parts: readAssistant(entry, messages.length, unread) });
      return;
    case 'tool':
    case 'function':
      pushResult(messages, readResult(entry, role, reading));
      return;
    default:
      throw wrongValue(`${entry.path}.role`, 'system, developer, user, assistant, tool or function');
  }
}

function readResult(entry: Entry, role: 'tool' | 'function', { messages, unread }: Reading): ToolResultPart {
  unread.note(entry.wire, role === 'tool' ? TOOL_FIELDS : FUNCTION_FIELDS, 'messages[]');
  const parts = readContent(entry.wire.content, `${entry.path}.content`, ({ wire, path }) => {
    const read = readUserPart(wire, path, unread);
    return read.kind === 'tool-result' || read.kind === 'audio' ? opaque(wire) : read;
  });
  const callId =
    role === 'tool'
      ? requiredString(entry.wire, 'tool_call_id', entry.path)
      : idOfCall(messages, requiredString(entry.wire, 'name', entry.path));
  return { kind: 'tool-result', callId, parts };
}

/** The old `function` role names the function, not the call; the latest call of that name is meant. */
function idOfCall(messages: readonly Message[], name: string): string {
  for (const message of messages.toReversed()) {
    if (message.role !== 'assistant') continue;
    for (const part of message.parts) if (part.kind === 'tool-call' && part.name === name) return part.id;
  }
  return name;
}

function pushResult(messages: Message[], result: ToolResultPart): void {
  const last = messages.at(-1);
  if (last?.role === 'user' && last.parts.at(-1)?.kind === 'tool-result') last.parts.push(result);
  else messages.push({ role: 'user', parts: [result] });
}
