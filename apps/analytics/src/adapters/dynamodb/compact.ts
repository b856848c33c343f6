import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Session } from '../../domain/session/session';

/**
 * What sessions have in common, as the compressor knows it from the start: names of fields, usual values. Part of the format: what was
 * written with it can be read only with it, so a better one needs a new number.
 */
const DICTIONARY = Buffer.from(
  '"errors":[{"id":"","code":"media.decode","fatal":true,"mono":"network.timeout","fatal":false' +
    '"state":"starting""state":"rebuffering""state":"seeking""state":"quit""state":"ended""state":"paused"' +
    '"value":{"player":"kinora","engine":"shaka","device":"mobile","os":"android","browser":"firefox","connection":"4g","pageHost":"","autoplay":false' +
    '"device":"tablet""device":"tv""os":"ios""os":"windows""os":"macos""browser":"safari""browser":"edge","device":"desktop","os":"","browser":"chrome"' +
    '"2160":"v1440":"v1080":"v720":"v540":"v480":"v360":"v240":"a0":' +
    '],"1":[,"2":[,"3":[,"4":[,"5":[,"6":[,"7":[,"8":[,"9":[,"10":[,"11":[,"12":[' +
    '[{"key":{"videoId":"vid_01K","hour":"2026","sessionId":"ses_01K"},"begin":17,"viewer":"' +
    '"viewer":null,"facts":{"newest":{"sn":1,"mono":10000,"state":"playing","position":100},"dimensions":null,"dimensions":{"sn":0,"value":{},' +
    '"mono":30000,"active":20000,"attempted":true,"startup":null,"startup":300,"playing":30000,"stall":0,"stalls":0,"seek":0,"seeks":0,"pause":0,' +
    '"framesDecoded":0,"framesDropped":0,"switchesUp":0,"switchesDown":0,"upscaleSum":0,"upscaleMax":0,"rungs":{"v720":},"errors":[],' +
    '"runs":{"0":[0,},"overflow":{}},"skew":0},{"key":{"videoId":"vid_01',
);
/** The first byte: which format follows. */
const FORMAT = 1;

/** Sessions as a few bytes each: an item costs by the kilobyte. */
export const packSessions = (sessions: readonly Session[]): Uint8Array =>
  Buffer.concat([
    Buffer.of(FORMAT),
    deflateRawSync(JSON.stringify(sessions), { dictionary: DICTIONARY, level: 9, memLevel: 9 }),
  ]);

/** @throws when it was written by a version that is newer than this one. */
export function unpackSessions(packed: Uint8Array): Session[] {
  if (packed[0] !== FORMAT) throw new Error(`sessions in format ${packed[0] ?? 'none'}, and ${FORMAT} is known`);
  return JSON.parse(inflateRawSync(packed.subarray(1), { dictionary: DICTIONARY }).toString()) as Session[];
}
