import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

type Theme = { [role: string]: string };

const css = readFileSync(join(import.meta.dirname, 'app.css'), 'utf8');
const themes: { [name: string]: Theme } = {
  light: readTheme(':root {'),
  dark: readTheme('[data-theme="dark"] {'),
};
/** WCAG 2.2, level AA: 4.5 for text, 3 for what bounds a field or shows the focus. */
const TEXT = 4.5;
const BOUND = 3;

const grounds = ['page', 'surface', 'raised', 'sunken'];
const inks = ['text', 'text-soft', 'text-faint', 'accent', 'accent-strong', 'good', 'bad', 'warn'];
const pairs: [ink: string, ground: string, least: number][] = [
  ...inks.flatMap((ink) => grounds.map((ground): [string, string, number] => [ink, ground, TEXT])),
  ...['good', 'bad', 'warn'].map((tone): [string, string, number] => [tone, `${tone}-soft`, TEXT]),
  ...['text', 'text-soft', 'text-faint', 'accent-strong', 'bad'].map((ink): [string, string, number] => [
    ink,
    'accent-soft',
    TEXT,
  ]),
  ['text-soft', 'chip', TEXT],
  ['on-accent', 'accent', TEXT],
  ['on-accent', 'accent-strong', TEXT],
  ['field', 'surface', BOUND],
  ['field', 'page', BOUND],
];

describe.each(Object.entries(themes))('in the %s theme', (_name, theme) => {
  test.each(pairs)('%s on %s has a contrast of %d at least', (ink, ground, least) => {
    expect(contrast(theme[ink], theme[ground])).toBeGreaterThanOrEqual(least);
  });
});

function readTheme(opening: string): Theme {
  const block = css.split(opening)[1]?.split('}')[0] ?? '';
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map((found) => [found[1], found[2]]),
  );
}

function contrast(one = '', other = ''): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Relative luminance as WCAG defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
