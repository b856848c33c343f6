const KEPT = 'that SSE-KMS with a bucket key, the storage class and the tags have their effect and price';
const POLICIES = 'bucket policies and IAM';
const LIMITS = "the account's real rates, throttling and quotas";
const DELIVERY = 'delays and order of delivery under load';
const PROPAGATION = 'how long it takes until all edge locations have it';
const ENCODER =
  "MediaConvert's own encoder, its queue times and prices; the stand-in checks requests against AWS's model";
const REAL_POOL = "delivery of codes, advanced security, quotas and the pool's own password rules";

/**
 * What a passing suite does not prove of a call, because only AWS has it. A call without an entry fails the check: whoever adds one says
 * here what its stand-in leaves open.
 */
export const UNPROVEN: Readonly<Record<string, string>> = {
  's3:AbortMultipartUpload': POLICIES,
  's3:CompleteMultipartUpload': `${POLICIES}; answers of AWS that begin with 200 and end with an error`,
  's3:CopyObject': `${POLICIES}; ${KEPT}; objects near the limit of 5 GiB`,
  's3:CreateMultipartUpload': `${POLICIES}; ${KEPT}`,
  's3:DeleteObject': `${POLICIES}; versioned buckets`,
  's3:DeleteObjects': `${POLICIES}; versioned buckets`,
  's3:GetObject': `${POLICIES}; decryption with KMS; pace of Transfer Acceleration`,
  's3:HeadBucket': POLICIES,
  's3:HeadObject': POLICIES,
  's3:ListMultipartUploads': `${POLICIES}; the lifecycle rule that also ends them`,
  's3:ListObjectsV2': `${POLICIES}; more keys than a few thousand`,
  's3:ListParts': POLICIES,
  's3:PutObject': `${POLICIES}; ${KEPT}; SlowDown at S3's own pace`,
  's3:UploadPart': `${POLICIES}; the Transfer Acceleration network (its host and signature are proven)`,
  's3:UploadPartCopy': `${POLICIES}; sources above 5 GiB`,

  'sqs:ChangeMessageVisibility': `${LIMITS}; the limit of twelve hours`,
  'sqs:ChangeMessageVisibilityBatch': `${LIMITS}; the limit of twelve hours`,
  'sqs:DeleteMessage': DELIVERY,
  'sqs:DeleteMessageBatch': DELIVERY,
  'sqs:GetQueueAttributes': 'numbers that are approximate in AWS, and exact here',
  'sqs:GetQueueUrl': 'queues of another account',
  'sqs:ReceiveMessage': DELIVERY,
  'sqs:SendMessage': DELIVERY,
  'sqs:SendMessageBatch': DELIVERY,

  'dynamodb:BatchGetItem': LIMITS,
  'dynamodb:BatchWriteItem': LIMITS,
  'dynamodb:CreateTable': 'the time until the table is there; tables are made by infrastructure code in AWS',
  'dynamodb:DeleteItem': LIMITS,
  'dynamodb:DescribeTable': LIMITS,
  'dynamodb:DescribeTimeToLive': 'when items really go',
  'dynamodb:GetItem': LIMITS,
  'dynamodb:ListTables': LIMITS,
  'dynamodb:PutItem': LIMITS,
  'dynamodb:Query': `${LIMITS}; reads of an index that lags behind`,
  'dynamodb:TransactWriteItems': `${LIMITS}; conflicts at scale`,
  'dynamodb:UpdateItem': `${LIMITS}; hot partitions`,
  'dynamodb:UpdateTimeToLive': 'when items really go',

  'secretsmanager:GetSecretValue': "the secret's resource policy, rotation by AWS",
  'cloudfront:CreateInvalidation': PROPAGATION,
  'cloudfront:GetInvalidation': PROPAGATION,
  'cloudfront-keyvaluestore:DescribeKeyValueStore': PROPAGATION,
  'cloudfront-keyvaluestore:GetKey': PROPAGATION,
  'cloudfront-keyvaluestore:ListKeys': PROPAGATION,
  'cloudfront-keyvaluestore:PutKey': PROPAGATION,
  'cloudfront-keyvaluestore:DeleteKey': PROPAGATION,
  'cloudfront-keyvaluestore:UpdateKeys': PROPAGATION,

  'mediaconvert:CancelJob': ENCODER,
  'mediaconvert:CreateJob': `${ENCODER}; the role that is passed`,
  'mediaconvert:GetJob': ENCODER,
  'mediaconvert:ListJobs': ENCODER,
  'mediaconvert:SearchJobs': ENCODER,

  ...Object.fromEntries(
    [
      'AdminAddUserToGroup',
      'AdminDisableUser',
      'AdminEnableUser',
      'AdminGetUser',
      'AdminListGroupsForUser',
      'AdminRemoveUserFromGroup',
      'AdminUserGlobalSignOut',
      'AssociateSoftwareToken',
      'ChangePassword',
      'ConfirmForgotPassword',
      'ConfirmSignUp',
      'CreateGroup',
      'ForgotPassword',
      'GetUser',
      'GlobalSignOut',
      'InitiateAuth',
      'ListGroups',
      'ResendConfirmationCode',
      'RespondToAuthChallenge',
      'RevokeToken',
      'SetUserMFAPreference',
      'SignUp',
      'VerifySoftwareToken',
    ].map((action) => [`cognito-idp:${action}`, REAL_POOL]),
  ),
};
