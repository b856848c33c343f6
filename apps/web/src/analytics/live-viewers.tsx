import { analyticsContract, LiveViewers as Viewers } from '@kinora/contracts-analytics';
import { urlOf } from '@kinora/contracts-common';
import { cx } from '@kinora/ui';
import { useEffect, useState } from 'react';
import { authorizedFetch } from '../api/client';
import { follow } from './sse';

/** Who watches right now. Counted from the last seconds' reports, so it is called approximate. */
export function LiveViewers({ videoId }: { videoId: string }) {
  const [viewers, setViewers] = useState<number>();
  useEffect(() => {
    const stop = new AbortController();
    const url = urlOf('', analyticsContract.getLiveViewers, { params: { videoId } });
    void follow(
      url,
      authorizedFetch,
      ({ data }) => {
        try {
          setViewers(Viewers.parse(JSON.parse(data)).viewers);
        } catch {
          // An event of a later version; the next one may be readable.
        }
      },
      stop.signal,
    );
    return () => stop.abort();
  }, [videoId]);
  return (
    <p className="flex items-center gap-2.5 rounded-full bg-sunken py-1.5 ps-3 pe-4 text-sm" aria-live="off">
      <span aria-hidden="true" className={cx('size-2.5 rounded-full', viewers ? 'bg-accent' : 'bg-edge')} />
      <span>
        <strong className="font-semibold tabular-nums">{viewers ?? '–'}</strong> watching now{' '}
        <span className="text-soft">(approximate)</span>
      </span>
    </p>
  );
}
