import encodeQR from 'qr';

/** Light modules around the code, so that a camera finds its edge. */
const BORDER = 3;

/** A code to be scanned, drawn dark on light in every theme, because some cameras read nothing else. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const rows = encodeQR(text, 'raw', { border: BORDER });
  const path = rows
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      shapeRendering="crispEdges"
      className="size-52 self-center rounded-lg bg-white"
    >
      <path d={path} fill="#000" />
    </svg>
  );
}
