export type AmountDraft = { amount: string; percents: string };

/** US dollars as the server takes them, or what is wrong with what was typed. */
export function parseAmount(text: string): { usd: string; problem: string | undefined } {
  const usd = text.trim().replace(/^\$/, '').replaceAll(',', '');
  const isAmount = /^\d{1,6}(\.\d{1,9})?$/.test(usd);
  const problem = isAmount ? undefined : 'An amount such as 250 or 0.50, below one million.';
  return { usd, problem };
}

/** Whole percents from 1 to 100, each once and ascending. An empty text is none. */
export function parsePercents(text: string): { percents: number[]; problem: string | undefined } {
  const words = text.split(/[\s,;%]+/).filter((word) => word !== '');
  const percents = [...new Set(words.map(Number))].sort((a, b) => a - b);
  const isGood = percents.every((each) => Number.isInteger(each) && each >= 1 && each <= 100);
  if (isGood && percents.length <= 10) return { percents, problem: undefined };
  return { percents: [], problem: 'At most ten whole numbers from 1 to 100, such as 50, 80, 95.' };
}
