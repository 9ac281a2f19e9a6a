import type { WireScore, WireSpan } from './wire-span.ts';

/** What waits to be sent, as it was recorded: nothing is taken out of it yet. */
export type Recorded = { kind: 'span'; span: WireSpan } | { kind: 'score'; score: WireScore };

export type RecordQueue = {
  /** False when it does not fit: the record is lost. */
  push(record: Recorded, bytes: number): boolean;
  /** The oldest records, up to so many bytes and so many records, at least one. Empty when nothing waits. */
  take(bytesMax: number, countMax: number): { records: Recorded[]; bytes: number };
  length(): number;
  bytes(): number;
};

/** First in, first out, bounded by what it holds of memory. */
export function createRecordQueue(bytesMax: number): RecordQueue {
  let slots: { record: Recorded; bytes: number }[] = [];
  let bytesHeld = 0;

  function take(batchBytes: number, countMax: number): { records: Recorded[]; bytes: number } {
    const records: Recorded[] = [];
    let bytes = 0;
    for (const slot of slots) {
      if (records.length >= countMax || (records.length > 0 && bytes + slot.bytes > batchBytes)) break;
      records.push(slot.record);
      bytes += slot.bytes;
    }
    bytesHeld -= bytes;
    slots = slots.slice(records.length);
    return { records, bytes };
  }

  return {
    push(record, bytes) {
      if (bytesHeld + bytes > bytesMax) return false;
      slots.push({ record, bytes });
      bytesHeld += bytes;
      return true;
    },
    take,
    length: () => slots.length,
    bytes: () => bytesHeld,
  };
}
