import { crc32 } from 'node:zlib';
import type { Frame } from '../../src/index.ts';

/**
 * Frames in AWS's binary framing: as events of Converse, or as the wrapped events of a model's own stream.
 * Source: AWS, "Event stream encoding"; the Bedrock API reference, `InvokeModelWithResponseStream`.
 */
export function writeAwsFrames(frames: readonly Frame[], isWrapped: boolean): Buffer {
  return Buffer.concat(frames.map((frame) => writeFrame(frame, isWrapped)));
}

function writeFrame({ event = '', data }: Frame, isWrapped: boolean): Buffer {
  if (isWrapped)
    return message('event', 'chunk', JSON.stringify({ bytes: Buffer.from(data).toString('base64') }));
  return message(event.endsWith('Exception') ? 'exception' : 'event', event, data);
}

function message(kind: 'event' | 'exception', type: string, payload: string): Buffer {
  const headers = Buffer.concat([text(':message-type', kind), text(`:${kind}-type`, type)]);
  const body = Buffer.from(payload);
  const prelude = numbers(16 + headers.length + body.length, headers.length);
  const bare = Buffer.concat([prelude, numbers(crc32(prelude)), headers, body]);
  return Buffer.concat([bare, numbers(crc32(bare))]);
}

function text(name: string, value: string): Buffer {
  const bytes = Buffer.from(value);
  const head = [
    Buffer.from([name.length]),
    Buffer.from(name),
    Buffer.from([7, bytes.length >> 8, bytes.length & 255]),
  ];
  return Buffer.concat([...head, bytes]);
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value, at * 4);
  return bytes;
}
