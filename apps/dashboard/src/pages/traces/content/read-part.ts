import type { Block } from './block.ts';
import { type Fields, isObject, listOf, pretty, prettyText, stringOf, textOf, type Unknown } from './json.ts';
import { plainName } from './plain-name.ts';
import { readAddress, readMedia, sizeOf } from './read-media.ts';
import { readAnnotations, readPages } from './read-sources.ts';

/** Content as OpenAI's and Anthropic's dialects have it: a text, or a list of parts. */
export function readContent(content: Unknown): Block[] {
  if (content === undefined || content === null || content === '') return [];
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  if (Array.isArray(content)) return content.map(readPart);
  return [readPart(content)];
}

/** One part of a content. A kind that nobody knows is its JSON. */
export function readPart(part: Unknown): Block {
  if (typeof part === 'string') return { kind: 'text', text: part };
  if (!isObject(part)) return { kind: 'other', title: 'content', text: pretty(part) };
  return readers.get(textOf(part.type))?.(part) ?? readOther(part);
}

export function readOther(part: Fields): Block {
  return { kind: 'other', title: plainName(textOf(part.type)) || 'content', text: pretty(part) };
}

/** Thinking that its maker shows, or that only its maker can read. */
export function readThinking(text: string, seal: Unknown): Block {
  const sealed = stringOf(seal);
  const block: Block = { kind: 'thinking', title: 'thinking', text };
  if (text === '' && sealed !== undefined)
    block.note = `sealed: only its maker can read it, ${sizeOf(sealed)}`;
  else if (sealed !== undefined) block.note = 'signed';
  return block;
}

export function readToolCall(name: Unknown, input: Unknown, id: Unknown): Block {
  const block: Block = { kind: 'tool-call', title: plainName(textOf(name)), text: prettyText(input) };
  const callId = stringOf(id);
  return callId === undefined ? block : { ...block, callId };
}

/** `content` is text, parts, or anything else that a tool may give. */
export function readToolResult(callId: Unknown, content: Unknown, isError: Unknown = false): Block {
  const id = textOf(callId);
  const block: Block = { kind: 'tool-result', title: plainName(id), text: '' };
  if (id !== '') block.callId = id;
  if (isError === true) block.note = 'the tool failed';
  if (typeof content === 'string') block.text = prettyText(content);
  else if (Array.isArray(content)) block.blocks = content.map(readPart);
  else if (content !== undefined && content !== null) block.text = pretty(content);
  return block;
}

type Reader = (part: Fields) => Block | undefined;

const readText: Reader = (part) => {
  if (typeof part.text !== 'string') return undefined;
  const sources = readAnnotations(part.citations ?? part.annotations);
  return sources.length === 0
    ? { kind: 'text', text: part.text }
    : { kind: 'text', text: part.text, sources };
};

const readCall: Reader = ({ name, input, id, type }) => {
  const block = readToolCall(name, input, id);
  return type === 'tool_use' ? block : { ...block, note: 'run by the provider' };
};

const readImage: Reader = ({ image_url: image, source, file_id: fileId }) => {
  const url = isObject(image) ? image.url : image;
  if (typeof url === 'string') return readAddress('image', url);
  if (isObject(source)) return readSource('image', source);
  return typeof fileId === 'string' ? ofProvider('image', fileId) : undefined;
};

/** Anthropic's `source` of an image or a document. */
function readSource(kind: 'image' | 'file', source: Fields, name?: string): Block | undefined {
  const { type, url, data, media_type: mediaType, file_id: fileId, content } = source;
  if (typeof url === 'string') return readAddress(kind, url, name);
  if (typeof fileId === 'string') return ofProvider(kind, fileId, name);
  const title = plainName(name ?? '') || kind;
  if (type === 'text' && typeof data === 'string') return { kind, title, text: data, note: 'text/plain' };
  if (typeof data === 'string') return readMedia({ mediaType: textOf(mediaType), data, name });
  return content === undefined ? undefined : { kind, title, text: '', blocks: readContent(content) };
}

const ofProvider = (kind: 'image' | 'file', id: string, name?: string): Block => ({
  kind,
  title: plainName(name ?? '') || kind,
  text: `kept by the provider as ${plainName(id)}`,
});

const readSound: Reader = ({ input_audio: sound }) => {
  if (!isObject(sound) || typeof sound.data !== 'string') return undefined;
  return readMedia({ mediaType: `audio/${stringOf(sound.format) ?? 'unknown'}`, data: sound.data });
};

const readFile: Reader = (part) => {
  const file = isObject(part.file) ? part.file : part;
  const { file_data: data, file_url: url, file_id: id } = file;
  const name = stringOf(file.filename);
  if (typeof url === 'string') return readAddress('file', url, name);
  if (typeof data === 'string') {
    return /^(data:|https?:)/i.test(data)
      ? readAddress('file', data, name)
      : readMedia({ mediaType: 'application/octet-stream', data, name });
  }
  return typeof id === 'string' ? ofProvider('file', id, name) : undefined;
};

const readDocument: Reader = ({ source, title }) =>
  isObject(source) ? readSource('file', source, stringOf(title)) : undefined;

const readSearchResult: Reader = ({ content }) => {
  if (!Array.isArray(content)) return undefined;
  const sources = readPages(content);
  return { kind: 'search', title: 'found on the web', text: sources.length === 0 ? 'nothing' : '', sources };
};

const readRefusal: Reader = ({ refusal }) =>
  typeof refusal === 'string' ? { kind: 'refusal', title: 'refusal', text: refusal } : undefined;

const readResult: Reader = (part) =>
  readToolResult(part.tool_use_id ?? part.call_id, part.content, part.is_error);

const readers = new Map(
  Object.entries<Reader>({
    text: readText,
    input_text: readText,
    output_text: readText,
    summary_text: readText,
    reasoning_text: readText,
    refusal: readRefusal,
    thinking: ({ thinking, signature }) => readThinking(textOf(thinking), signature),
    redacted_thinking: ({ data }) => readThinking('', data),
    tool_use: readCall,
    server_tool_use: readCall,
    mcp_tool_use: readCall,
    tool_result: readResult,
    mcp_tool_result: readResult,
    web_search_tool_result: readSearchResult,
    search_result: ({ source, title, content }) => ({
      kind: 'search',
      title: 'search result',
      text: '',
      sources: readPages([{ source, title }]),
      blocks: readContent(content),
    }),
    image: readImage,
    image_url: readImage,
    input_image: readImage,
    input_audio: readSound,
    file: readFile,
    input_file: readFile,
    document: readDocument,
    video_url: ({ video_url: video }) =>
      isObject(video) && typeof video.url === 'string' ? readAddress('file', video.url, 'video') : undefined,
  }),
);

/** The parts of a message that stand beside its content in OpenAI's chat dialect. */
export function readImages(images: Unknown): Block[] {
  return listOf(images).map(readPart);
}
