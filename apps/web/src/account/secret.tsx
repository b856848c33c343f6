import { Button, Notice } from '@kinora/ui';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';

/** A secret that is shown this once. */
export function Secret({ label, value, onDone }: { label: string; value: string; onDone: () => void }) {
  const [copied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard
      .writeText(value)
      .then(() => setCopied(true))
      .catch(() => undefined);
  return (
    <Notice tone="accent" className="flex flex-col gap-3">
      <p>
        <strong className="font-semibold">{label}</strong> Copy it now; it will not be shown again.
      </p>
      <code className="rounded-sm bg-surface px-3 py-2 font-mono text-sm break-all text-ink select-all">{value}</code>
      <div className="flex gap-2">
        <Button size="sm" onClick={() => void copy()}>
          {copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
          {copied ? 'Copied' : 'Copy'}
        </Button>
        <Button size="sm" variant="ghost" className="text-accent-text" onClick={onDone}>
          Done
        </Button>
      </div>
    </Notice>
  );
}
