import { Segmented } from './segmented.tsx';

const ranges = [
  { value: '1h', label: '1 h' },
  { value: '24h', label: '24 h' },
  { value: '7d', label: '7 d' },
  { value: '30d', label: '30 d' },
] as const;
type Range = (typeof ranges)[number]['value'];

/** How far back a page looks. */
export function RangeChoice({ value, onChange }: { value: Range; onChange: (range: Range) => void }) {
  return <Segmented label="Range" value={value} options={ranges} onChange={onChange} />;
}
