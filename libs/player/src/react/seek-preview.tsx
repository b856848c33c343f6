import { useEffect, useState } from 'react';
import { cueAt, parseStoryboard, type StoryboardCue } from '../core/storyboard';
import { usePlayer } from './use-player';

// One file per video, asked for when somebody first looks for it.
const loaded = new Map<string, Promise<StoryboardCue[]>>();
function load(url: string): Promise<StoryboardCue[]> {
  const known = loaded.get(url);
  if (known) return known;
  const cues = fetch(url)
    .then(async (response) => (response.ok ? parseStoryboard(await response.text(), url) : []))
    .catch(() => []);
  loaded.set(url, cues);
  return cues;
}

function useStoryboard(url: string | null): StoryboardCue[] {
  const [state, setState] = useState<{ url: string; cues: StoryboardCue[] }>();
  useEffect(() => {
    if (!url) return undefined;
    let current = true;
    void load(url).then((cues) => current && setState({ url, cues }));
    return () => {
      current = false;
    };
  }, [url]);
  return state && state.url === url ? state.cues : [];
}

/** The picture and time above the bar. */
export function SeekPreview({ time, share, label }: { time: number; share: number; label: string }) {
  const cue = cueAt(useStoryboard(usePlayer((s) => s.storyboard)), time);
  const box = cue?.box;
  return (
    <div
      className="kp-preview"
      aria-hidden="true"
      style={{
        left: `clamp(var(--kp-preview-edge), ${Math.min(1, Math.max(0, share)) * 100}%, calc(100% - var(--kp-preview-edge)))`,
      }}
    >
      {cue && box && (
        <div
          className="kp-preview-picture"
          style={{
            width: box.w,
            height: box.h,
            backgroundImage: `url("${cue.url}")`,
            backgroundPosition: `-${box.x}px -${box.y}px`,
          }}
        />
      )}
      {cue && !box && <img className="kp-preview-picture" src={cue.url} alt="" />}
      <span className="kp-preview-time">{label}</span>
    </div>
  );
}
