import { type SearchPassage } from '@kinora/contracts-catalog';
import { formatDuration } from '@kinora/ui';
import { Link } from '@tanstack/react-router';

/** Where in a video the words are said. Each plays from there, so they lie above the link that covers the card. */
export function Passages({
  videoId,
  passages = [],
}: {
  videoId: string;
  passages?: readonly SearchPassage[] | undefined;
}) {
  if (passages.length === 0) return null;
  return (
    <ul className="relative z-10 mt-1 flex flex-col gap-1" aria-label="Said in this video">
      {passages.map(({ startMs, highlight }) => (
        <li key={startMs}>
          <Link
            to="/watch/$videoId"
            params={{ videoId }}
            search={{ t: Math.floor(startMs / 1000) }}
            className="line-clamp-2 text-sm text-soft hover:underline"
          >
            <span className="mr-1.5 font-medium tabular-nums">{formatDuration(startMs / 1000)}</span>
            {highlight.map(({ text, match }, n) =>
              match ? (
                <mark key={n} className="bg-transparent font-semibold text-inherit">
                  {text}
                </mark>
              ) : (
                text
              ),
            )}
          </Link>
        </li>
      ))}
    </ul>
  );
}
