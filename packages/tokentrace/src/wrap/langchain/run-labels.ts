import type { SpanFields } from '../../tracer.ts';
import { arrayOf, objectOf, textIn } from '../read/wire-value.ts';
import { snapshot } from '../snapshot.ts';

/** Tags with which LangChain numbers the parts of a chain say nothing that the tree does not. */
const NUMBERING = /^(seq:step|map:key|condition|branch):/;

/** Whose run it is: session, user and tags by the names that apps of LangChain and LangGraph use, and the other metadata. */
export function runLabels(tagList: unknown, metadata: unknown): SpanFields {
  const fields = objectOf(metadata);
  const find = (...names: string[]): string | undefined =>
    names.map((name) => textIn(fields[name])).find((value) => value !== undefined);
  const sessionId = find('session_id', 'sessionId', 'thread_id', 'conversation_id');
  const userId = find('user_id', 'userId');
  const tags = arrayOf(tagList).filter((tag) => typeof tag === 'string' && !NUMBERING.test(tag));
  const own = Object.entries(fields).filter(([name]) => !/^(ls_|langgraph_|__|checkpoint_)/.test(name));
  return {
    ...(sessionId !== undefined && { sessionId }),
    ...(userId !== undefined && { userId }),
    ...(tags.length > 0 && { tags: tags.map(String) }),
    ...(own.length > 0 && { metadata: objectOf(snapshot(Object.fromEntries(own))) }),
  };
}

/** The name of a run: its own, or that of the class that runs. */
export function runName(name: unknown, serialized: unknown, fallback: string): string {
  const { name: own, id } = objectOf(serialized);
  return textIn(name) ?? textIn(own) ?? textIn(arrayOf(id).at(-1)) ?? fallback;
}
