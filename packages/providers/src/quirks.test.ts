import type { JsonObject } from '@app/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changed, lost } from '../test/send-to.ts';
import { applyQuirks, type Quirks } from './quirks.ts';

const apply = (body: JsonObject, quirks: Quirks, facts = { model: 'm', isOwn: true }) =>
  applyQuirks(body, quirks, facts);

test('a refused field is left out and told, unless it asks for what happens anyway', () => {
  const quirks: Quirks = { drop: ['logprobs', 'n', 'messages[].name'] };
  const messages = [{ role: 'user', name: 'ann', content: 'hi' }];
  expect(apply({ logprobs: true, n: 1, messages }, quirks)).toEqual({
    body: { messages: [{ role: 'user', content: 'hi' }] },
    losses: lost('logprobs', 'messages[].name'),
  });
});

test('a name or a word of the same meaning changes without a loss, and never over what is there', () => {
  const quirks: Quirks = {
    rename: { seed: 'random_seed', reasoning_effort: 'reasoning.effort' },
    synonyms: { 'messages[].role': { developer: 'system' }, mode: { usual: null } },
  };
  const body = {
    seed: 7,
    mode: 'usual',
    reasoning_effort: 'low',
    messages: [{ role: 'developer' }, { role: 'user' }],
  };
  expect(apply(body, quirks)).toEqual({
    body: {
      random_seed: 7,
      reasoning: { effort: 'low' },
      messages: [{ role: 'system' }, { role: 'user' }],
    },
    losses: [],
  });
  expect(apply({ seed: 7, random_seed: 8 }, quirks).body).toEqual({ random_seed: 8 });
});

test('what comes nearest, a bound, and the one value that is taken are told as losses', () => {
  const quirks: Quirks = {
    nearest: { effort: { max: 'high', none: null } },
    bounds: { temperature: [0, 1] },
    only: { top_p: 1 },
  };
  expect(apply({ effort: 'max', temperature: 1.5, top_p: 0.5 }, quirks)).toEqual({
    body: { effort: 'high', temperature: 1 },
    losses: [{ path: 'effort', why: 'changed' }, ...lost('top_p'), { path: 'temperature', why: 'lowered' }],
  });
  expect(apply({ effort: 'none', temperature: 1, top_p: 1 }, quirks)).toEqual({
    body: { temperature: 1, top_p: 1 },
    losses: lost('effort'),
  });
});

test('what lies within a thing that is lost is not told again', () => {
  const quirks: Quirks = {
    nearest: { 'tool_choice.type': { tool: 'auto' } },
    drop: ['tool_choice.name'],
  };
  expect(apply({ tool_choice: { type: 'tool', name: 'f' } }, quirks)).toEqual({
    body: { tool_choice: { type: 'auto' } },
    losses: changed('tool_choice'),
  });
});

test('rules for some models hold for their names alone, and some for strangers alone', () => {
  const quirks: Quirks = {
    forModels: [
      { models: ['big-', '*claude-x'], except: ['big-plain'], drop: ['stop'] },
      { models: ['big-'], isForeignOnly: true, unless: { path: 'effort', is: 'none' }, drop: ['top_k'] },
    ],
  };
  const body = { stop: ['a'], top_k: 4 };
  expect(apply(body, quirks, { model: 'big-1', isOwn: true }).body).toEqual({ top_k: 4 });
  expect(apply(body, quirks, { model: 'big-1', isOwn: false }).losses).toEqual(lost('stop', 'top_k'));
  expect(apply({ ...body, effort: 'none' }, quirks, { model: 'big-1', isOwn: false }).losses).toEqual(
    lost('stop'),
  );
  expect(apply(body, quirks, { model: 'big-plain', isOwn: true }).body).toEqual(body);
  expect(apply(body, quirks, { model: 'eu.claude-x-1', isOwn: true }).losses).toEqual(lost('stop'));
  expect(apply(body, quirks, { model: 'other', isOwn: false }).losses).toEqual([]);
});

test('the body given never changes, whatever the quirks', () => {
  const quirks: Quirks = {
    drop: ['a', 'list[].a'],
    only: { b: 1 },
    bounds: { c: [0, 1] },
    rename: { d: 'e.f' },
    nearest: { g: { x: null, y: 'z' } },
    synonyms: { 'list[].g': { x: 'y' } },
    thinking: { kind: 'switch', field: 'think', on: true, off: false },
    set: { h: 1 },
    omit: ['i'],
  };
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...'abcdefghi', 'list', 'reasoning_effort'), fc.jsonValue()),
      (body) => {
        const before = JSON.stringify(body);
        apply(body as JsonObject, quirks);
        expect(JSON.stringify(body)).toBe(before);
      },
    ),
    { seed: 11, numRuns: 300 },
  );
});
