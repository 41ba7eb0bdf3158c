import { useEffect, useState } from 'preact/hooks';

/** A link as a QR code, drawn as one path; dark on light in every theme, because cameras want it so. */
export function Qr(props: { text: string; label: string }) {
  const [drawn, setDrawn] = useState<{ path: string; size: number }>();
  useEffect(() => {
    let wanted = true;
    void import('uqr').then(({ encode }) => {
      const { data, size } = encode(props.text, { ecc: 'M', border: 3 });
      if (wanted) setDrawn({ path: pathOf(data), size });
    });
    return () => {
      wanted = false;
    };
  }, [props.text]);
  return (
    <div class="qr" role="img" aria-label={props.label}>
      {drawn && (
        <svg viewBox={`0 0 ${drawn.size} ${drawn.size}`} shape-rendering="crispEdges" aria-hidden="true">
          <path d={drawn.path} />
        </svg>
      )}
    </div>
  );
}

function pathOf(data: readonly (readonly boolean[])[]): string {
  let path = '';
  data.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue;
      let end = x;
      while (row[end]) end++;
      path += `M${x} ${y}h${end - x}v1h-${end - x}z`;
      x = end;
    }
  });
  return path;
}
