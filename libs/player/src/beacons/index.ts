export { bindVideo } from './bind';
export { dimensionsOf } from './dimensions';
export { Recorder, systemClock, type Clock, type Happening, type Sent, type Transport } from './recorder';
export { newSession, reduce, snapshot, type Session, type SessionEvent } from './session';
export { beaconTransport, outcomeOf } from './transport';
