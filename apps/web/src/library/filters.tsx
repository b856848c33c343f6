import { type VideoStatus, type Visibility } from '@kinora/contracts-catalog';
import { cx, IconButton, inputClass } from '@kinora/ui';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { LayoutGrid, List, X } from 'lucide-react';
import { facetsQuery } from '../api/queries';
import { useSessionState } from '../api/use-session';
import { statusLabel, visibilities, visibilityLabel } from './status';

const STATUSES: readonly VideoStatus[] = ['ready', 'playable', 'processing', 'uploading', 'failed', 'draft'];
const chip =
  'inline-flex h-8 shrink-0 items-center gap-1.5 rounded-full border border-line px-3 text-sm transition-colors hover:bg-hover aria-pressed:border-accent aria-pressed:bg-accent-tint aria-pressed:font-medium aria-pressed:text-accent-text';

/** What is shown, as controls; all of it lives in the address. */
export function Filters() {
  const search = useSearch({ from: '/' });
  const navigate = useNavigate({ from: '/' });
  const signedIn = useSessionState() !== 'signed-out';
  const { data: facets } = useQuery(facetsQuery(search.q));
  const set = (change: Partial<typeof search>) =>
    void navigate({ to: '/', search: { ...search, ...change }, replace: true });

  const count = (list: readonly { value: string; count: number }[] | undefined, value: string) => {
    const found = list?.find((one) => one.value === value);
    return found ? ` (${found.count})` : '';
  };
  const tags = facets?.tags.slice(0, 10) ?? [];
  const shownTags =
    search.tag && !tags.some(({ value }) => value === search.tag) ? [{ value: search.tag, count: 0 }, ...tags] : tags;

  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        {signedIn && !search.q && (
          <div role="group" aria-label="Whose videos" className="flex rounded-full bg-sunken p-0.5">
            {([undefined, 'mine'] as const).map((scope) => (
              <button
                key={scope ?? 'all'}
                type="button"
                aria-pressed={search.scope === scope}
                className="h-8 rounded-full px-3.5 text-sm text-soft transition-colors aria-pressed:bg-surface aria-pressed:font-medium dark:aria-pressed:bg-hover aria-pressed:text-ink aria-pressed:shadow-sm"
                onClick={() => set({ scope })}
              >
                {scope ? 'My videos' : 'All videos'}
              </button>
            ))}
          </div>
        )}
        {signedIn && (
          <>
            <select
              aria-label="Status"
              value={search.status ?? ''}
              className={cx(inputClass, 'h-9 w-auto rounded-full border-line py-0 text-sm')}
              onChange={(event) => set({ status: (event.target.value || undefined) as VideoStatus | undefined })}
            >
              <option value="">Any status</option>
              {STATUSES.map((status) => (
                <option key={status} value={status}>
                  {statusLabel(status)}
                  {count(facets?.status, status)}
                </option>
              ))}
            </select>
            <select
              aria-label="Visibility"
              value={search.visibility ?? ''}
              className={cx(inputClass, 'h-9 w-auto rounded-full border-line py-0 text-sm')}
              onChange={(event) => set({ visibility: (event.target.value || undefined) as Visibility | undefined })}
            >
              <option value="">Any visibility</option>
              {visibilities.map(([visibility]) => (
                <option key={visibility} value={visibility}>
                  {visibilityLabel(visibility)}
                  {count(facets?.visibility, visibility)}
                </option>
              ))}
            </select>
          </>
        )}
        <span className="flex-1" />
        <div role="group" aria-label="Layout" className="flex">
          <IconButton
            label="Grid"
            size="iconSm"
            aria-pressed={!search.view}
            className="aria-pressed:bg-sunken"
            onClick={() => set({ view: undefined })}
          >
            <LayoutGrid aria-hidden="true" />
          </IconButton>
          <IconButton
            label="List"
            size="iconSm"
            aria-pressed={search.view === 'list'}
            className="aria-pressed:bg-sunken"
            onClick={() => set({ view: 'list' })}
          >
            <List aria-hidden="true" />
          </IconButton>
        </div>
      </div>
      {shownTags.length > 0 && (
        <div
          role="group"
          aria-label="Tags"
          className="-mx-4 flex gap-1.5 overflow-x-auto px-4 py-1 [scrollbar-width:none] sm:mx-0 sm:flex-wrap sm:px-0"
        >
          {shownTags.map(({ value, count: n }) => (
            <button
              key={value}
              type="button"
              className={chip}
              aria-pressed={search.tag === value}
              onClick={() => set({ tag: search.tag === value ? undefined : value })}
            >
              {value}
              {search.tag === value ? (
                <X aria-hidden="true" className="size-3.5" />
              ) : (
                n > 0 && <span className="text-xs text-soft tabular-nums">{n}</span>
              )}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
