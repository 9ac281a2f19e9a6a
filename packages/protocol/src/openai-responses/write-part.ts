import { append } from '../append.ts';
import type { Frame } from '../dialect.ts';
import type { Event, PartStart } from '../event.ts';
import { createPart, type Output } from './output.ts';
import { closeMessage, deltaFrames, endFrames, startFrames } from './part-frames.ts';
import { ID } from './wire.ts';

export function writePart(output: Output, event: Event): Frame[] {
  switch (event.type) {
    case 'part-start': {
      if (isUnsayable(event)) return [];
      const part = createPart(event);
      output.parts.add(part);
      return output.parts.first() === part ? startFrames(output, part) : [];
    }
    case 'part-delta': {
      const open = output.parts.first();
      if (open?.start.index === event.index) return deltaFrames(output, open, event);
      output.parts.find(event.index)?.held.push(event);
      return [];
    }
    case 'part-end': {
      const part = output.parts.find(event.index);
      if (part !== undefined) part.ended = event;
      return part === output.parts.first() ? advance(output) : [];
    }
    default:
      return [];
  }
}

/** What only another dialect understands, and sound, which this wire has no item for. */
function isUnsayable(start: PartStart): boolean {
  if (start.kind === 'media') return !start.media.mediaType.startsWith('image/');
  return start.kind === 'opaque' && start.dialect !== ID;
}

/** Closes the open part and writes the waiting ones, up to the first that still grows. */
function advance(output: Output): Frame[] {
  const frames: Frame[] = [];
  for (;;) {
    const open = output.parts.first();
    if (open?.ended === undefined) return frames;
    append(frames, endFrames(output, open, open.ended));
    output.parts.shift();
    const next = output.parts.first();
    if (next === undefined) return frames;
    frames.push(...startFrames(output, next));
    for (const held of next.held) frames.push(...deltaFrames(output, next, held));
  }
}

/** A part that nobody closed is over when the reply is; the message of a reply that was cut is incomplete. */
export function closeParts(output: Output, isCut: boolean): Frame[] {
  for (const part of output.parts.all()) part.ended ??= { type: 'part-end', index: part.start.index };
  return [...advance(output), ...closeMessage(output, isCut ? 'incomplete' : 'completed')];
}
