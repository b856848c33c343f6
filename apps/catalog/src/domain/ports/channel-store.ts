export interface ChannelEntry {
  readonly id: string;
  readonly ownerId: string;
  readonly handle: string;
  readonly name: string;
  readonly description: string;
  readonly createdAt: Date;
}

export interface ChannelStore {
  /** False when the handle is taken. */
  insert(channel: ChannelEntry): Promise<boolean>;
  find(id: string): Promise<ChannelEntry | undefined>;
  /** Newest first, from the id after `before` on. */
  list(ownerId: string | undefined, page: { before: string | undefined; limit: number }): Promise<ChannelEntry[]>;
  update(
    id: string,
    change: { name?: string | undefined; description?: string | undefined },
  ): Promise<ChannelEntry | undefined>;
  /** Its videos stay, without a channel. */
  remove(id: string): Promise<void>;
}
