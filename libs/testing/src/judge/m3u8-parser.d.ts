/** What Kinora reads of `m3u8-parser`, which brings no types. */
declare module 'm3u8-parser' {
  export interface PlaylistAttributes {
    RESOLUTION?: { width: number; height: number };
    CODECS?: string;
    BANDWIDTH?: number;
    'AVERAGE-BANDWIDTH'?: number | string;
    AUDIO?: string;
  }
  export interface Manifest {
    playlists?: { uri: string; attributes: PlaylistAttributes }[];
    mediaGroups?: { AUDIO?: Record<string, Record<string, { uri?: string; language?: string }>> };
    segments: { uri: string; duration: number; map?: { uri: string } }[];
    targetDuration: number;
    endList?: boolean;
  }
  export class Parser {
    readonly manifest: Manifest;
    push(text: string): void;
    end(): void;
  }
}
