import { MoreOf } from '../../ui/more-of.tsx';
import type { TokenChoice } from './content/block.ts';

const TOKENS_SHOWN = 100;

/** Each token with how likely it was, and what else the model might have said. */
export function TokenChoices({ tokens }: { tokens: readonly TokenChoice[] }) {
  return (
    <div className="flex flex-col gap-3">
      <MoreOf
        items={tokens}
        step={TOKENS_SHOWN}
        noun="tokens"
        draw={(shown) => (
          <table className="w-full table-fixed text-left text-xs">
            <thead className="text-faint">
              <tr>
                <th scope="col" className="w-2/5 py-1 pr-3 font-medium">
                  Token
                </th>
                <th scope="col" className="w-20 py-1 pr-3 text-right font-medium">
                  Likely
                </th>
                <th scope="col" className="py-1 font-medium">
                  Instead
                </th>
              </tr>
            </thead>
            <tbody className="divide-y divide-line font-mono">
              {shown.map(({ token, percent, instead }, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the place is what a token is known by
                <tr key={at} className="align-top">
                  <td className="py-1 pr-3 wrap-anywhere">
                    <bdi>{token}</bdi>
                  </td>
                  <td className="py-1 pr-3 text-right tabular-nums">{percent}</td>
                  <td className="py-1 text-soft wrap-anywhere">
                    <bdi>{instead}</bdi>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      />
    </div>
  );
}
