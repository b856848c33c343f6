import { type Recorder } from './recorder';

/** `timeupdate` comes about four times a second; a playhead is never extrapolated further than that. */
const STALE_MS = 400;

/** Engines nudge the playhead to where it is when they change a track; nobody asked for that jump. */
const NUDGE_S = 0.3;

/** Feeds a recorder from a media element. Returns the function that unties them (and sends the last report). */
export function bindVideo(video: HTMLVideoElement, recorder: Recorder): () => void {
  let seen = { position: video.currentTime, at: performance.now() };
  let nudged = false;
  const note = () => (seen = { position: video.currentTime, at: performance.now() });
  /** Where the playhead was just before a jump: the last report plus what has been played since. */
  const beforeJump = () => {
    const since = Math.min(STALE_MS, performance.now() - seen.at);
    const advancing = recorder.session.phase === 'playing';
    return seen.position + (advancing ? (since / 1000) * video.playbackRate : 0);
  };
  const frames = () => {
    const quality = video.getVideoPlaybackQuality?.();
    if (quality && quality.totalVideoFrames > 0) {
      recorder.record({ type: 'frames', decoded: quality.totalVideoFrames, dropped: quality.droppedVideoFrames });
    }
  };
  const size = () => {
    if (video.videoWidth === 0 || video.clientWidth === 0) return;
    const shown = Math.min(
      (video.clientWidth * devicePixelRatio) / video.videoWidth,
      (video.clientHeight * devicePixelRatio) / video.videoHeight,
    );
    recorder.record({ type: 'size', enlarged: Math.min(100, Math.max(0, shown - 1)) });
  };

  const handlers: Partial<Record<keyof HTMLMediaElementEventMap, () => void>> = {
    play: () => recorder.record({ type: 'intent', position: video.currentTime }),
    playing: () => {
      size();
      note();
      if (!video.seeking) recorder.record({ type: 'playing', position: video.currentTime });
    },
    waiting: () => {
      note();
      if ((!video.seeking || nudged) && !video.paused)
        recorder.record({ type: 'waiting', position: video.currentTime });
    },
    pause: () => {
      note();
      // The element also pauses at its end and while it seeks; those have their own names.
      if (!video.ended && !video.seeking) recorder.record({ type: 'paused', position: video.currentTime });
    },
    ended: () => {
      note();
      frames();
      recorder.record({ type: 'ended', position: video.currentTime });
    },
    seeking: () => {
      const from = beforeJump();
      nudged = recorder.session.phase === 'playing' && Math.abs(video.currentTime - from) < NUDGE_S;
      if (!nudged) recorder.record({ type: 'seeking', position: from });
    },
    seeked: () => {
      nudged = false;
      note();
      recorder.record({
        type: 'seeked',
        position: video.currentTime,
        paused: video.paused,
        ready: video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA,
      });
    },
    timeupdate: () => {
      if (video.seeking) return;
      note();
      recorder.record({ type: 'tick', position: video.currentTime });
    },
    durationchange: () => recorder.record({ type: 'duration', seconds: video.duration }),
    resize: size,
  };
  for (const [name, handle] of Object.entries(handlers)) video.addEventListener(name, handle);
  const sampling = setInterval(frames, 5000);
  const hidden = () => {
    if (document.visibilityState === 'hidden') {
      frames();
      recorder.flush();
    }
  };
  const leaving = () => recorder.flush(true);
  document.addEventListener('visibilitychange', hidden);
  window.addEventListener('pagehide', leaving);
  return () => {
    for (const [name, handle] of Object.entries(handlers)) video.removeEventListener(name, handle);
    clearInterval(sampling);
    document.removeEventListener('visibilitychange', hidden);
    window.removeEventListener('pagehide', leaving);
    frames();
    recorder.stop();
  };
}
