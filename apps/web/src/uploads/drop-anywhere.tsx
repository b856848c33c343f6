import { UploadCloud } from 'lucide-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useState } from 'react';
import { useSessionState } from '../api/use-session';
import { uploads } from './manager';
import { pickedFrom } from './pick';

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;

/** The whole window takes files, on every page. */
export function DropAnywhere() {
  const state = useSessionState();
  const navigate = useNavigate();
  const [over, setOver] = useState(false);

  const drop = useEffectEvent((event: DragEvent) => {
    if (!hasFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    setOver(false);
    void pickedFrom(event.dataTransfer).then((picked) => {
      if (picked.length === 0) return undefined;
      uploads.add(picked);
      return navigate({ to: '/upload' });
    });
  });

  useEffect(() => {
    if (state === 'signed-out') return undefined;
    let depth = 0; // enter and leave come for every element on the way
    const stop = new AbortController();
    const on = (name: 'dragenter' | 'dragover' | 'dragleave' | 'drop', handle: (event: DragEvent) => void) =>
      window.addEventListener(name, handle, { signal: stop.signal });
    on('dragenter', (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth += 1;
      setOver(true);
    });
    on('dragover', (event) => {
      if (hasFiles(event)) event.preventDefault();
    });
    on('dragleave', () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    });
    on('drop', (event) => {
      depth = 0;
      drop(event);
    });
    return () => stop.abort();
  }, [state]);

  if (!over) return null;
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none fixed inset-0 z-50 grid place-items-center bg-bg/85 p-4 backdrop-blur-sm"
    >
      <div className="flex size-full flex-col items-center justify-center gap-4 rounded-lg border-2 border-dashed border-accent text-accent-text">
        <UploadCloud className="size-12" />
        <p className="text-xl font-medium">Drop to upload</p>
      </div>
    </div>
  );
}
