export { run } from './install/command';
export { prepared } from './install/prepared';
export { lacking, type Toolchain } from './install/toolchain';
export { runJest, type Total } from './run-jest';
export { mediaConvert } from './servers/mediaconvert';
export { type Running, type Server } from './servers/server';
