import { type RecordedCall } from './record';

/** Operations that IAM allows under another name, or that need more than one permission. Others are named alike. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  // Without ListBucket S3 answers 403 for a key that isn't there, and we ask to learn just that.
  's3:HeadObject': ['s3:GetObject', 's3:ListBucket'],
  's3:GetObject': ['s3:GetObject', 's3:ListBucket'],
  's3:HeadBucket': ['s3:ListBucket'],
  's3:ListObjects': ['s3:ListBucket'],
  's3:ListObjectsV2': ['s3:ListBucket'],
  's3:ListBuckets': ['s3:ListAllMyBuckets'],
  's3:DeleteObjects': ['s3:DeleteObject'],
  's3:CopyObject': ['s3:PutObject', 's3:GetObject'],
  's3:CreateMultipartUpload': ['s3:PutObject'],
  's3:UploadPart': ['s3:PutObject'],
  's3:UploadPartCopy': ['s3:PutObject', 's3:GetObject'],
  's3:CompleteMultipartUpload': ['s3:PutObject'],
  's3:ListParts': ['s3:ListMultipartUploadParts'],
  's3:ListMultipartUploads': ['s3:ListBucketMultipartUploads'],
  's3:PutBucketNotificationConfiguration': ['s3:PutBucketNotification'],
  's3:GetBucketNotificationConfiguration': ['s3:GetBucketNotification'],
  'sqs:SendMessageBatch': ['sqs:SendMessage'],
  'sqs:DeleteMessageBatch': ['sqs:DeleteMessage'],
  'sqs:ChangeMessageVisibilityBatch': ['sqs:ChangeMessageVisibility'],
  'dynamodb:TransactWriteItems': [
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'dynamodb:DeleteItem',
    'dynamodb:ConditionCheckItem',
  ],
  'dynamodb:TransactGetItems': ['dynamodb:GetItem'],
  'secretsmanager:BatchGetSecretValue': ['secretsmanager:BatchGetSecretValue', 'secretsmanager:GetSecretValue'],
  // The role that MediaConvert takes is handed to it.
  'mediaconvert:CreateJob': ['mediaconvert:CreateJob', 'iam:PassRole'],
};

/** A call by its name in the tables: `s3:PutObject`. */
export const nameOf = ({ service, action }: Pick<RecordedCall, 'service' | 'action'>): string => `${service}:${action}`;

/** The permissions that IAM must give for a call. */
export function permissionsFor({ service, action }: Pick<RecordedCall, 'service' | 'action'>): readonly string[] {
  return ACTIONS[nameOf({ service, action })] ?? [nameOf({ service, action })];
}
