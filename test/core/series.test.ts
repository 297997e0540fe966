import { describe, expect, it } from 'vitest';
import { directionOf, isBroken, judge, judgedBy, pickLoss } from '../../src/core/series.ts';
import { series } from '../series.ts';

const curve = (tag: string, values: readonly number[] = [1, 2]) => series(tag, values, { stepsApart: 1 });
const curves = (tags: readonly string[]) => tags.toSorted().map((tag) => curve(tag));

describe('how a run is judged where nobody said by what', () => {
  it.each([
    [
      'transformers',
      ['train/loss', 'train/grad_norm', 'train/learning_rate', 'eval/loss', 'eval/accuracy'],
      'eval/loss',
      'its loss on held-out data',
    ],
    ['Lightning', ['train_loss', 'val_loss', 'val_acc', 'lr-Adam'], 'val_loss', 'its loss on held-out data'],
    [
      'Keras',
      ['train/epoch_loss', 'validation/epoch_loss', 'validation/epoch_accuracy'],
      'validation/epoch_loss',
      'its loss on held-out data',
    ],
    ['fastai', ['train_loss', 'valid_loss', 'error_rate'], 'valid_loss', 'its loss on held-out data'],
    ['a script', ['Loss/train', 'Loss/val', 'Accuracy/val'], 'Loss/val', 'its loss on held-out data'],
    [
      'a language model',
      ['loss', 'eval-wikitext/perplexity'],
      'eval-wikitext/perplexity',
      'its loss on held-out data',
    ],
    [
      'ranks',
      ['rank_0/train/loss', 'rank_0/val/loss', 'rank_1/train/loss'],
      'rank_0/val/loss',
      'its loss on held-out data',
    ],
    [
      'Ultralytics',
      ['train/box_loss', 'val/box_loss', 'metrics/mAP50(B)', 'metrics/mAP50-95(B)'],
      'metrics/mAP50-95(B)',
      'its mean average precision',
    ],
    [
      'stable-baselines3',
      ['rollout/ep_len_mean', 'rollout/ep_rew_mean', 'train/loss', 'train/value_loss'],
      'rollout/ep_rew_mean',
      "an episode's mean reward",
    ],
    [
      'an evaluation callback',
      ['eval/mean_reward', 'train/loss'],
      'eval/mean_reward',
      "an episode's mean reward",
    ],
    [
      'RLlib',
      ['env_runners/episode_return_mean', 'learners/total_loss'],
      'env_runners/episode_return_mean',
      "an episode's mean reward",
    ],
    ['sacred', ['train.loss', 'val.loss'], 'val.loss', 'its loss on held-out data'],
    ['names with dashes', ['train-loss', 'valid-loss'], 'valid-loss', 'its loss on held-out data'],
    ['a classifier', ['loss', 'test_acc', 'train_acc'], 'test_acc', 'its accuracy on held-out data'],
    ['xax', ['value/loss', 'value/mae', 'value/accuracy'], 'value/loss', null],
    ['training accuracy', ['accuracy', 'loss'], 'accuracy', 'its accuracy'],
    ['training loss', ['lr', 'training/batchloss', 'training/loss'], 'training/loss', 'its training loss'],
    ['something else', ['b', 'value/mae', 'a'], 'value/mae', 'the first metric that it logs'],
  ])('of %s it is what tells most', (_stack, tags, tag, rule) => {
    const found = judgedBy(curves(tags))!;
    expect([found.series.tag, found.rule]).toEqual([tag, rule]);
  });

  it('goes by a curve before a single value, and by the declared one before all', () => {
    const both = [curve('eval/loss', [1]), curve('train_loss'), curve('val_loss')];
    expect(judgedBy(both)!.series.tag).toBe('val_loss');
    expect(judgedBy(both.slice(0, 2))!.series.tag).toBe('eval/loss');
    expect(judge(both, 'train_loss')).toMatchObject({ series: { tag: 'train_loss' }, rule: null });
    expect(judge(both, 'no/such')).toMatchObject({ rule: 'its loss on held-out data' });
    expect(judgedBy([])).toBeUndefined();
  });

  it('says of which other curves its rule says as much, and of none where somebody declared one', () => {
    const alike = (...tags: string[]) => judgedBy(curves(tags))!.alike;
    expect(alike('acc', 'eval/loss', 'test/loss', 'train/loss', 'val/b/loss')).toEqual([
      'test/loss',
      'val/b/loss',
    ]);
    expect(alike('box_loss', 'cls_loss', 'loss')).toEqual([]);
    expect(alike('train/actor_loss', 'train/critic_loss')).toEqual(['train/critic_loss']);
    expect(alike('a', 'b', 'c')).toEqual(['b', 'c']);
    expect(alike('value/loss', 'value/mae')).toEqual([]);
    expect(judge(curves(['eval/loss', 'test/loss']), 'test/loss')!.alike).toEqual([]);
  });

  it('takes no value for one of validation because its name begins alike', () => {
    expect(pickLoss(curves(['value/loss', 'train/loss']))!.tag).toBe('value/loss');
    expect(judgedBy(curves(['value/loss', 'valve/loss']))!.rule).toBeNull();
    expect(judgedBy(curves(['latest_loss', 'contest/loss']))!.rule).toBe('its training loss');
  });
});

it('which way is better is told by the objective, else by the name, else by nobody', () => {
  const told = (tag: string) => directionOf(tag, null);
  for (const tag of [
    'eval/loss',
    'val_loss',
    'error_rate',
    'eval_wer',
    'test/rmse',
    'perplexity',
    'train/box_loss',
  ])
    expect([tag, told(tag)]).toEqual([tag, 'min']);
  for (const tag of [
    'val_acc',
    'eval/accuracy',
    'rollout/ep_rew_mean',
    'eval/mean_reward',
    'metrics/mAP50-95(B)',
    'metrics/precision(B)',
    'val_f1',
    'episode_return_mean',
    'eval_bleu',
    'test/roc_auc',
    'val/mIoU',
    'success_rate',
  ])
    expect([tag, told(tag)]).toEqual([tag, 'max']);
  for (const tag of ['rollout/ep_len_mean', 'train/grad_norm', 'lr', 'value/x', 'accuracy_loss'])
    expect([tag, told(tag)]).toEqual([tag, null]);
  expect(directionOf('lr', { metric: 'lr', mode: 'max' })).toBe('max');
  expect(directionOf('val_loss', { metric: 'val_loss', mode: 'max' })).toBe('max');
});

it('a curve is broken where it ends in more values that are no numbers than it came back from', () => {
  const nan = Number.NaN;
  expect(isBroken(curve('a', [1, nan]))).toBe(true);
  expect(isBroken(curve('a', [nan]))).toBe(true);
  expect(isBroken(curve('a', [1, nan, 1, nan]))).toBe(false);
  expect(isBroken(curve('a', [1, nan, 1, nan, Number.POSITIVE_INFINITY]))).toBe(true);
  expect(isBroken(curve('a', [nan, 1]))).toBe(false);
  expect(isBroken(curve('a', []))).toBe(false);
});
