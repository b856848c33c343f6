import { cognito } from './cognito';
import { dynamoDbLocal } from './dynamodb-local';
import { mediaConvert } from './mediaconvert';
import { ministack } from './ministack';
import { openSearch } from './opensearch';
import { postgres15 } from './postgres';
import { type Server } from './server';
import { versitygw } from './versitygw';

export const servers: readonly Server[] = [
  versitygw,
  ministack,
  dynamoDbLocal,
  openSearch,
  postgres15,
  cognito,
  mediaConvert,
];
