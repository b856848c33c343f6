export { mediaConvert } from './servers/mediaconvert';
export { type Running, type Server } from './servers/server';
