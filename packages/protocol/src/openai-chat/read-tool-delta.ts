import type { Event } from '../event.ts';
import { isObject, type JsonObject, textOf } from '../json.ts';
import { readGoogleSeal } from './google-seal.ts';
import { endSpoken, type OpenTool, type State, takeIndex } from './stream-state.ts';
import { ID } from './wire.ts';

/** One entry of a delta's `tool_calls`. */
export function readToolDelta(state: State, call: JsonObject, events: Event[]): void {
  const named = isObject(call.function) ? call.function : isObject(call.custom) ? call.custom : {};
  const tool = findTool(state, call, textOf(named.name)) ?? startTool(state, call, events);
  state.lastTool = tool;
  if (call.extra_content !== undefined) tool.seal = readGoogleSeal(call) ?? tool.seal;
  if (tool.custom !== undefined) {
    tool.custom.input = textOf(tool.custom.input) + textOf(named.input);
    return;
  }
  const { arguments: input } = named;
  const delta = isObject(input) ? JSON.stringify(input) : textOf(input);
  if (delta !== '') events.push({ type: 'part-delta', index: tool.index, delta });
}

/**
 * The call that a delta continues. Most providers number their calls; some leave the number or the id out, or give
 * every call the number 0. A new id with a name is always a new call.
 */
function findTool(state: State, call: JsonObject, name: string): OpenTool | undefined {
  const id = textOf(call.id);
  const found =
    typeof call.index === 'number'
      ? state.toolsByKey.get(`#${call.index}`)
      : id === ''
        ? state.lastTool
        : state.toolsByKey.get(id);
  const isAnother = id !== '' && id !== found?.id;
  const isUnnumbered = typeof call.index !== 'number' && id === '';
  return found !== undefined && name !== '' && (isAnother || isUnnumbered) ? undefined : found;
}

function startTool(state: State, call: JsonObject, events: Event[]): OpenTool {
  endSpoken(state, events);
  const index = takeIndex(state);
  const id = textOf(call.id) || `call_${state.id}_${state.tools.length}`;
  const named = isObject(call.function) ? call.function : {};
  const custom = isObject(call.custom) ? { name: textOf(call.custom.name), input: '' } : undefined;
  const tool: OpenTool = { index, id, name: textOf(named.name), custom, seal: undefined };
  state.tools.push(tool);
  state.toolsByKey.set(typeof call.index === 'number' ? `#${call.index}` : id, tool);
  // The parts of a custom call's input are gathered, and it is told whole: only this dialect knows it.
  if (custom === undefined)
    events.push({ type: 'part-start', index, kind: 'tool-call', tool: { id, name: tool.name } });
  return tool;
}

export function endTool({ index, id, custom, seal }: OpenTool, events: Event[]): void {
  if (custom !== undefined) {
    const value = { id, type: 'custom', custom };
    events.push({ type: 'part-start', index, kind: 'opaque', dialect: ID, value });
  }
  const end: Event = { type: 'part-end', index };
  if (seal !== undefined) end.signature = seal;
  events.push(end);
}
