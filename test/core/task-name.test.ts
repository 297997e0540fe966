import { expect, it } from 'vitest';
import { taskName } from '../../src/core/job.ts';

it.each([
  ['examples.toy.ToyRegression', 'ToyRegression'],
  ['__main__.Toy', 'Toy'],
  ['ToyRegression', 'ToyRegression'],
  ['train.py', 'train.py'],
  ['run.sh', 'run.sh'],
  ['resnet-50.v2', 'resnet-50.v2'],
  ['lr.0.1', 'lr.0.1'],
  ['a job, with words. And more', 'a job, with words. And more'],
  ['', ''],
])('the task %j is called %j', (key, name) => {
  expect(taskName(key)).toBe(name);
});
