import { createContext, useContext, useSyncExternalStore } from 'react';
import { type PlayerController } from '../core/controller';
import { type PlayerState } from '../core/state';

export const ControllerContext = createContext<PlayerController | undefined>(undefined);

/** The controller of the player around this control. */
export function useController(): PlayerController {
  const controller = useContext(ControllerContext);
  if (!controller) throw new Error('A player control must be inside a Player.');
  return controller;
}

/** A part of the player's state; the control is drawn again only when that part changes. */
export function usePlayer<T>(select: (state: PlayerState) => T): T {
  const { store } = useController();
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}
