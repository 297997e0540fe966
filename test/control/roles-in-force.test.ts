import { describe, expect, it } from 'vitest';
import { rolesInForce } from '../../src/control/roles-in-force.ts';
import { load } from '../config/load.ts';

const TOKENS = { SLACK_BOT_TOKEN: 'xoxb-1-test', SLACK_APP_TOKEN: 'xapp-1-test' };
const LAB = '{platform: slack, id: C0LAB, title: Lab}';
const ALL = '{platform: slack, id: C0ALL, title: Everybody}';
const closed = [{ name: 'slack', isClosed: (channel: string) => channel === 'C0LAB' }];

describe('who may do what, in a line', () => {
  it('is, where the settings give nobody a role, what the channels are', () => {
    const config = load(`channels: [${LAB}, ${ALL}]`, TOKENS);
    expect(rolesInForce(config, closed).replace(/^\S+ is/, 'root is')).toBe(
      'root is admin; other members of Lab in Slack may read, and queue and cancel jobs of their own; other members of Everybody in Slack may read',
    );
  });

  it('is what the settings say where they say anything', () => {
    const config = load(
      `people: {ada: {name: Ada, role: admin}, bob: {role: operator}, eve: {role: operator}, claude: {role: agent}}
groups: {trainers: {role: operator, slack: S0TRAIN, discord: "100000000000000001"}}
channels: [${LAB.replace('}', ', members: none}')}, ${ALL}]`,
      TOKENS,
    );
    expect(rolesInForce(config, closed)).toBe(
      'Ada is admin; bob and eve are operators; claude is an agent; whoever is in trainers (Slack) is operator; other members of Lab in Slack may ask for help; other members of Everybody in Slack may read',
    );
  });

  it('names no more than a few, and says nothing of what is off', () => {
    const people = ['ada', ...'bcdefghi'].map((id) => `${id}: {role: ${id === 'ada' ? 'admin' : 'viewer'}}`);
    const config = load(`people: {${people.join(', ')}}\nchannels: [${LAB}]`);
    expect(rolesInForce(config, [])).toBe('ada is admin; b, c, d, e, f and 3 more may read');
  });
});
