import type { Money } from '@app/contract';
import { formatUsd } from '../ui/format.ts';

export const formatMoney = (money: Money): string => formatUsd(money.nanos / 1e9);
