import { type WebhookEvent } from '@kinora/contracts-catalog';
import { type VideoStore } from './video-store';

export interface Announcement {
  readonly event: WebhookEvent;
  readonly ownerId: string;
  readonly videoId: string;
  /** What the receiver is told beside the video's id; a few fields, never the whole video. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What one transaction may change. All of it becomes true at once, or none. */
export interface CatalogUnit {
  readonly videos: VideoStore;
  /** Tells the other services that a video is gone. */
  publishDeleted(video: { id: string; ownerId: string }): Promise<void>;
  /** Records a delivery for every active webhook of the owner that wants the event. */
  announce(announcement: Announcement): Promise<void>;
  /** Makes every grant of a video void that was issued until now. Returns the moment. */
  revokeAllGrants(videoId: string): Promise<Date>;
  /** Runs once per event, however often it arrives; false when it was seen before. */
  firstTime(eventId: string): Promise<boolean>;
}

export type Transact = <T>(work: (unit: CatalogUnit) => Promise<T>) => Promise<T>;
