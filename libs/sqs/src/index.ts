export { type QueueConsumer, type QueueConsumerOptions, startQueueConsumer } from './consumer';
export { type QueueMessage } from './delivery';
export { UnprocessableMessage } from './failure';
