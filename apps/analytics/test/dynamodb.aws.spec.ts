import { backend } from '@kinora/testing';
// The same tests as with dynalite: `startWorld` takes what `backend('dynamodb')` names.
import './ingest.int.spec';
import './service.int.spec';

it("runs on Amazon's DynamoDB Local", () => {
  expect(backend('dynamodb').endpoint).toMatch(/^http:/);
});
