import { asksMore } from '../asks-more.ts';
import type { Call, Tool, ToolChoice } from '../call.ts';
import { featurePath } from '../feature-paths.ts';
import { isObject, type JsonObject } from '../json.ts';
import { type Losses, wordsOf } from '../losses.ts';
import { opaqueToolPath } from '../opaque-path.ts';
import { ID } from './wire.ts';

/** Functions share one entry; Google's own tools have each their own. */
export function writeTools(body: JsonObject, call: Call, losses: Losses): void {
  const functions = call.tools.flatMap((tool) =>
    tool.kind === 'function' ? [writeFunction(tool, call, losses)] : [],
  );
  const others = call.tools.flatMap((tool) =>
    tool.kind === 'function' ? [] : writeOther(tool, call, losses),
  );
  const tools = functions.length === 0 ? others : [{ functionDeclarations: functions }, ...others];
  if (tools.length > 0) body.tools = tools;
  // Calls in a row cannot be forbidden here, and are what happens unless they are.
  if (call.parallelTools === false) losses.add(wordsOf(call).parallelTools, 'unsupported');
  // A choice without tools is refused; only a caller of this dialect may find that out by itself.
  const hasTools = functions.length > 0 || call.extra.dialect === ID;
  if (call.toolChoice === undefined || !hasTools) return;
  const config = isObject(body.toolConfig) ? body.toolConfig : {};
  body.toolConfig = { ...config, functionCallingConfig: writeToolChoice(call.toolChoice) };
}

/** JSON schemas pass as they are: `parameters` takes a small part of OpenAPI's alone. */
function writeFunction(tool: Tool & { kind: 'function' }, call: Call, losses: Losses): JsonObject {
  const wire: JsonObject = { name: tool.name };
  if (tool.description !== undefined) wire.description = tool.description;
  if (tool.schema !== undefined) wire.parametersJsonSchema = tool.schema;
  if (tool.cache !== undefined) losses.add(wordsOf(call).cache, 'unsupported');
  if (tool.strict === true) losses.add(featurePath('strict-tool', call.extra.dialect), 'unsupported');
  return wire;
}

function writeOther(tool: Exclude<Tool, { kind: 'function' }>, call: Call, losses: Losses): JsonObject[] {
  if (tool.kind === 'opaque') {
    const value = isObject(tool.value) ? tool.value : {};
    if (tool.dialect === ID) return [value];
    losses.add(opaqueToolPath(tool), 'unsupported');
    return [];
  }
  if (tool.wire.dialect === ID) return isObject(tool.wire.value) ? [tool.wire.value] : [];
  const isNarrowed =
    tool.usesMax !== undefined || tool.allowedDomains !== undefined || tool.blockedDomains !== undefined;
  // Only Vertex AI can leave domains out, and nobody can name those that are wanted.
  if (isNarrowed || asksMore(tool)) losses.add(wordsOf(call).webSearch, 'unsupported');
  return [{ googleSearch: {} }];
}

function writeToolChoice(choice: ToolChoice): JsonObject {
  switch (choice.kind) {
    case 'auto':
      return { mode: 'AUTO' };
    case 'none':
      return { mode: 'NONE' };
    case 'required':
      return { mode: 'ANY' };
    case 'tool':
      return { mode: 'ANY', allowedFunctionNames: [choice.name] };
    case 'allowed':
      return { mode: choice.isRequired ? 'ANY' : 'VALIDATED', allowedFunctionNames: choice.names };
  }
}
