export { Mailbox } from './gateway/mailbox';
export { BuildFailed, buildAll, bundleOf, webRoot } from './platform/build';
export { DataFolderInUse } from './platform/data-folder';
export { type Platform, type PlatformOptions, type PlatformStep, DEMO_EMAIL, startPlatform } from './platform/platform';
export { type Gateway, type GatewayOptions, PortInUse, startGateway } from './gateway/gateway';
export { setUpCognito } from './platform/cognito-pool';
export { type ServiceName, SERVICES } from './platform/services';
export { type Service } from './platform/supervisor';
export { destinationOf } from './gateway/routes';
