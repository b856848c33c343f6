/** Why a source can't become a video: a stable code, and one sentence for the person who uploaded it. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
}

const MESSAGES = {
  'source.empty': 'The file is empty.',
  'source.not_media': 'The file isn’t a video: it may be damaged, or another kind of file with a video’s name.',
  'source.unsupported_format':
    'This kind of file isn’t supported. Upload a video as MP4, MOV, MKV, WebM, AVI, MPEG or FLV.',
  'source.unsupported_codec':
    'The video is stored in a way that we can’t decode. Export it as H.264 in an MP4 file and upload that.',
  'source.no_video': 'There is no video in the file, only sound or other data.',
  'source.too_large': 'The picture is larger than 36 megapixels. Scale the video down and upload it again.',
  'source.too_many_streams': 'The file has too many tracks. Keep the ones that you need and upload it again.',
  'source.too_long': 'The video is longer than is allowed here.',
  'source.truncated':
    'The file is incomplete: its end is missing. Export or copy it again, then upload the whole file.',
  'source.unreadable': 'The video is damaged and can’t be decoded. Export it again and upload the new file.',
  'source.missing': 'The uploaded file is no longer there. Upload it again.',
  'source.too_complex':
    'The video takes more resources to encode than is allowed here. Export it in a simpler format and upload it again.',
} as const;

export type RefusalCode = keyof typeof MESSAGES;

export const refusal = (code: RefusalCode): Refusal => ({ code, message: MESSAGES[code] });

export const isRefusalCode = (code: string): code is RefusalCode => Object.hasOwn(MESSAGES, code);
