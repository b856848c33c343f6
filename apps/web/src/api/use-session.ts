import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { type Video } from '@kinora/contracts-catalog';
import { profileQuery } from './queries';
import { onSession, sessionState, type SessionState } from './session';

export const useSessionState = (): SessionState => useSyncExternalStore(onSession, sessionState);

/** The person who is signed in, as far as known. */
export function useProfile() {
  const state = useSessionState();
  const { data } = useQuery({ ...profileQuery, enabled: state !== 'signed-out' });
  return state === 'signed-out' ? undefined : data;
}

/** Whether the signed-in person may change a video. The server decides; this only shows or hides buttons. */
export function useMayEdit(video: Video | undefined): boolean {
  const profile = useProfile();
  return Boolean(video && profile && (profile.id === video.ownerId || profile.roles.includes('admin')));
}
