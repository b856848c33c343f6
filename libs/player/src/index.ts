export * from './beacons';
export { PlayerController, qualityLabel, type OpenOptions } from './core/controller';
export { belongsToTarget, bindings, commandFor, type Command } from './core/hotkeys';
export { cueAt, parseStoryboard, type StoryboardCue } from './core/storyboard';
export { initialState, type PlayerState } from './core/state';
export { type Engine, type EngineEvents, type Fault, type Rung, type Track, type Tracks } from './engine/engine';
export { GrantKeeper, type GrantSource, type PlayerGrant } from './engine/grant-keeper';
export { Player, type PlayerProps } from './react/player';
