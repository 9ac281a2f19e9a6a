import { listElements, listMembers, readString, type Stretch, skipSpace } from './json-scan.ts';

const PREVIEW_CHARS_MAX = 200;

/** From longer lists no preview is drawn. */
const TURNS_MAX = 10_000;

/** The text of the last user message of a request in any dialect, shortened; empty when it has none. Takes valid JSON. */
export function previewInput(request: string): string {
  const body = membersOf(request, { start: skipSpace(request, 0), end: request.length });
  const { messages, contents, prompt, input, content } = body;
  for (const turn of elementsOf(request, messages ?? contents ?? input).reverse()) {
    const { role, content: said, parts } = membersOf(request, turn);
    // Gemini's callers may leave the role of a single turn out.
    const isUser = role === undefined ? contents !== undefined : readString(request, role) === 'user';
    if (!isUser) continue;
    const line = shorten(textOf(request, said ?? parts));
    if (line !== '') return line;
  }
  return (
    shorten(textOf(request, prompt)) || shorten(textOf(request, input)) || shorten(textOf(request, content))
  );
}

/** The text of a reply, or else the tools it calls, shortened. Takes valid JSON. */
export function previewOutput(reply: string): string {
  const { parts } = membersOf(reply, { start: skipSpace(reply, 0), end: reply.length });
  const texts: string[] = [];
  const calls: string[] = [];
  for (const part of elementsOf(reply, parts)) {
    const { kind, text, name, input } = membersOf(reply, part);
    const word = kind === undefined ? '' : readString(reply, kind);
    if ((word === 'text' || word === 'refusal') && text !== undefined) texts.push(readString(reply, text));
    if (word === 'tool-call' && name !== undefined && input !== undefined) {
      calls.push(`${readString(reply, name)}(${readString(reply, input)})`);
    }
  }
  return shorten(texts.join('\n')) || shorten(calls.join(' '));
}

/** A string, or the texts of a list of strings and text blocks. */
function textOf(text: string, content: Stretch | undefined): string {
  if (content === undefined) return '';
  if (text[content.start] === '"') return readString(text, content);
  if (text[content.start] === '{') return textOf(text, membersOf(text, content).parts);
  const blocks = elementsOf(text, content).map((block) => {
    const said = text[block.start] === '"' ? block : membersOf(text, block).text;
    return said === undefined ? '' : readString(text, said);
  });
  return blocks.filter((block) => block !== '').join('\n');
}

const NAMES = [
  'messages',
  'contents',
  'prompt',
  'input',
  'role',
  'content',
  'parts',
  'kind',
  'text',
  'name',
] as const;

/** The members that a preview looks at; an object may have any number of others. */
function membersOf(text: string, object: Stretch): { [name in (typeof NAMES)[number]]?: Stretch } {
  const members: { [name in (typeof NAMES)[number]]?: Stretch } = {};
  for (const { key, start, end } of listMembers(text, object.start)) {
    const name = NAMES.find((known) => known === key);
    if (name !== undefined) members[name] = { start, end };
  }
  return members;
}

function elementsOf(text: string, list: Stretch | undefined): Stretch[] {
  const elements: Stretch[] = [];
  if (list === undefined) return elements;
  for (const element of listElements(text, list.start)) {
    if (elements.length === TURNS_MAX) return [];
    elements.push(element);
  }
  return elements;
}

/** One line of at most 200 characters, cut between code points. */
export function shorten(text: string): string {
  const start = text.slice(0, 2 * PREVIEW_CHARS_MAX);
  // Most texts have single spaces only, and looking is cheaper than replacing them.
  const line = (/[^\S ]| {2}/.test(start) ? start.replace(/\s+/g, ' ') : start).trim().toWellFormed();
  if (line.length <= PREVIEW_CHARS_MAX) return line;
  const last = line.charCodeAt(PREVIEW_CHARS_MAX - 1);
  return line.slice(0, PREVIEW_CHARS_MAX - (last >= 0xd800 && last <= 0xdbff ? 1 : 0));
}
