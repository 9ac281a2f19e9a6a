import type { Clock } from '../../ports.ts';
import { tellRefused, tellShadow, tellSpent } from '../budget-news.ts';
import type { TellNews } from '../limit.ts';
import type { Slot } from './slot.ts';

/** What is worth telling of a claim. */
export type CountNews = {
  /** After its claim was refused and taken back. */
  refused(slot: Slot): void;
  /** After it was taken; tells only of one that would have been refused. */
  taken(slot: Slot): void;
  settled(slot: Slot): void;
};

export function createCountNews(tell: TellNews, clock: Clock): CountNews {
  return {
    refused({ kind, claim, amount, max, count }) {
      if (kind !== 'calendar') return;
      const { limit, subject } = claim;
      tellRefused(tell, { limit, subject, max, amount, spent: count.spent, told: count.told }, clock.nowMs());
    },
    taken(slot) {
      if (!slot.isExceeded) return;
      const { claim, max } = slot;
      const { limit, subject } = claim;
      if (slot.kind === 'calendar') {
        const spent = slot.count.spent + slot.count.reserved;
        tellShadow(tell, { limit, subject, max, spent, told: slot.count.told }, clock.nowMs());
        return;
      }
      if (slot.count.isShadowTold) return;
      slot.count.isShadowTold = true;
      const used = slot.kind === 'bucket' ? slot.count.level : slot.count.taken;
      tell({ kind: 'exceeded_shadow', limit, subject, used, max, atMs: clock.nowMs() });
    },
    settled({ kind, claim, max, count }) {
      if (kind !== 'calendar') return;
      const { limit, subject } = claim;
      tellSpent(tell, { limit, subject, max, spent: count.spent, told: count.told }, clock.nowMs());
    },
  };
}
